package io.planisphere.spark;

import io.planisphere.geo.Cell;
import io.planisphere.model.ModelPackage;
import io.planisphere.vision.GeolocationModel;
import io.planisphere.vision.Geolocator;
import io.planisphere.vision.Geolocator.Candidate;
import io.planisphere.vision.Geolocator.Guess;
import io.planisphere.vision.Look;
import io.planisphere.vision.Scored;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of {@code locate}: the place and token of the best cell, its probability, the radius that holds half of the
 * probability, and the likeliest cells. All are null unless the status is ok; place, token and radius are null too where the
 * confidence is less than asked for.
 *
 * @param rule what a row may say
 */
public record LocateRows(Broadcast<GeolocationModel> geolocation, PlaceRule rule) implements RowMaker {
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
            .add("cells", DataTypes.createArrayType(CELL));

    @Override
    public StructType schema() {
        return SCHEMA;
    }

    @Override
    public ModelPackage model() {
        return geolocation.value().files();
    }

    @Override
    public Look look() {
        return new Look(geolocation.value().outputs(), rule.crops());
    }

    @Override
    public Map<String, String> settings() {
        return rule.settings();
    }

    @Override
    public Function<Scored, Row> open() {
        Geolocator geolocator = geolocation.value().newGeolocator(rule.topK(), rule.finestLevel());
        return photo -> row(photo, geolocator);
    }

    private Row row(Scored photo, Geolocator geolocator) {
        Object[] values = RowMaker.begin(photo, SCHEMA.size());
        if (!photo.views().isEmpty()) {
            fill(values, geolocator.locate(photo.views()));
        }
        return RowFactory.create(values);
    }

    private void fill(Object[] values, Guess guess) {
        int first = PHOTO_COLUMNS.size();
        Candidate best = guess.best();
        if (best.probability() >= rule.minConfidence()) {
            Cell cell = best.cell();
            values[first] = cell.mean().latitude();
            values[first + 1] = cell.mean().longitude();
            values[first + 2] = cell.token();
            values[first + 4] = (float) guess.radiusKm();
        }
        values[first + 3] = best.probability();
        values[first + 5] = guess.cells().stream().map(LocateRows::row).toArray(Row[]::new);
    }

    private static Row row(Candidate candidate) {
        return RowFactory.create(
                candidate.cell().token(),
                candidate.probability(),
                candidate.cell().mean().latitude(),
                candidate.cell().mean().longitude());
    }
}
