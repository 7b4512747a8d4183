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
 * @param gallery whether the package's gallery is used
 */
public record LocateRows(
        Broadcast<GeolocationModel> geolocation,
        PlaceRule rule,
        @Nullable AlbumRule albums,
        GalleryUse gallery) implements RowMaker {
    /** The columns of a package with a gallery. */
    private static final StructType GALLERY =
            new StructType().add("gallery_similarity", DataTypes.FloatType).add("gallery_photo", DataTypes.StringType);

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

    /** The rows of all photos, by the package's gallery if it has one. */
    public LocateRows(Broadcast<GeolocationModel> geolocation, PlaceRule rule, @Nullable AlbumRule albums) {
        this(geolocation, rule, albums, GalleryUse.ALL);
    }

    @Override
    public StructType schema() {
        StructType none = new StructType();
        return new StructType(Stream.of(SCHEMA, usesGallery() ? GALLERY : none, albums == null ? none : Albums.COLUMNS)
                .flatMap(columns -> Arrays.stream(columns.fields()))
                .toArray(StructField[]::new));
    }

    private boolean usesGallery() {
        return gallery.isOn()
                && rule.finestLevel().isEmpty()
                && model().gallery().isPresent();
    }

    @Override
    public ModelPackage model() {
        return geolocation.value().files();
    }

    @Override
    public InferenceSpec inferenceSpec() {
        return new InferenceSpec(geolocation.value().outputs(usesGallery()), rule.crops());
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = rule.settings();
        if (!gallery.isOn()) {
            settings.put("gallery", "off");
        }
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
        Geolocator geolocator = geolocation.value().newGeolocator(rule.topK(), rule.finestLevel(), gallery.exclusion());
        int columns = schema().size();
        boolean withGallery = usesGallery();
        return photo -> row(photo, geolocator, columns, withGallery);
    }

    private Row row(Scored photo, Geolocator geolocator, int columns, boolean withGallery) {
        Object[] values = RowMaker.begin(photo, columns);
        if (!photo.views().isEmpty()) {
            Guess guess = geolocator.locate(photo.views());
            fill(values, guess);
            if (withGallery && !Float.isNaN(guess.similarity())) {
                values[SCHEMA.size()] = guess.similarity();
                values[SCHEMA.size() + 1] = guess.nearest();
            }
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
