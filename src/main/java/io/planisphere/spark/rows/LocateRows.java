package io.planisphere.spark.rows;

import io.planisphere.model.ModelPackage;
import io.planisphere.vision.GeolocationModel;
import io.planisphere.vision.Geolocator;
import io.planisphere.vision.Geolocator.Candidate;
import io.planisphere.vision.Geolocator.Guess;
import io.planisphere.vision.InferenceSpec;
import io.planisphere.vision.Scored;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code locate}: the place, the token of the best cell and its probability, the radii that hold 50 % and 90 %
 * of the probability, and the most probable cells. All are null unless the status is ok; place, token and radii are also null if the confidence is
 * below the minimum.
 *
 * @param rule limits on predicted places
 * @param albums rule for smoothing over albums; null for none
 */
public record LocateRows(
        Broadcast<GeolocationModel> geolocation,
        PlaceRule rule,
        @Nullable AlbumRule albums) implements RowMaker {
    private static final StructType CELL = new StructType()
            .add("token", DataTypes.StringType)
            .add("probability", DataTypes.FloatType)
            .add("latitude", DataTypes.DoubleType)
            .add("longitude", DataTypes.DoubleType);
    private static final StructType SCHEMA = PHOTO_COLUMNS
            .add("latitude", DataTypes.DoubleType)
            .add("longitude", DataTypes.DoubleType)
            .add("cell", DataTypes.StringType)
            .add("confidence", DataTypes.FloatType)
            .add("radius_km", DataTypes.FloatType)
            .add("radius90_km", DataTypes.FloatType)
            .add("cells", DataTypes.createArrayType(CELL));
    private static final StructType WITH_ALBUMS = new StructType(Stream.of(SCHEMA, Albums.COLUMNS)
            .flatMap(columns -> Arrays.stream(columns.fields()))
            .toArray(StructField[]::new));

    @Override
    public StructType schema() {
        return albums == null ? SCHEMA : WITH_ALBUMS;
    }

    @Override
    public ModelPackage model() {
        return geolocation.value().files();
    }

    @Override
    public InferenceSpec inferenceSpec() {
        return new InferenceSpec(geolocation.value().outputs(), rule.crops());
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = rule.settings();
        if (albums != null) {
            settings.putAll(albums.settings());
        }
        return settings;
    }

    @Override
    public Optional<Pass> secondPass() {
        return albums == null ? Optional.empty() : Optional.of(new Albums(geolocation, rule, albums));
    }

    @Override
    public Function<Scored, Row> open() {
        Geolocator geolocator = geolocation.value().newGeolocator(rule.topK(), rule.finestLevel());
        return photo -> row(photo, geolocator);
    }

    private Row row(Scored photo, Geolocator geolocator) {
        Object[] values = RowMaker.begin(photo, schema().size());
        if (!photo.views().isEmpty()) {
            fill(values, geolocator.locate(photo.views()));
        }
        return RowFactory.create(values);
    }

    private void fill(Object[] values, Guess guess) {
        int first = PHOTO_COLUMNS.size();
        Candidate best = guess.best();
        if (best.probability() >= rule.minConfidence()) {
            values[first] = guess.place().latitude();
            values[first + 1] = guess.place().longitude();
            values[first + 2] = best.cell().token();
            values[first + 4] = (float) guess.radiusKm();
            values[first + 5] = (float) guess.radius90Km();
        }
        values[first + 3] = best.probability();
        values[first + 6] = guess.cells().stream().map(LocateRows::row).toArray(Row[]::new);
    }

    private static Row row(Candidate candidate) {
        return RowFactory.create(
                candidate.cell().token(),
                candidate.probability(),
                candidate.cell().mean().latitude(),
                candidate.cell().mean().longitude());
    }
}
