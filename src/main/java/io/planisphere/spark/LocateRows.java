package io.planisphere.spark;

import io.planisphere.model.ModelPackage;
import io.planisphere.vision.GeolocationModel;
import io.planisphere.vision.Geolocator;
import io.planisphere.vision.Geolocator.Candidate;
import io.planisphere.vision.Geolocator.Guess;
import io.planisphere.vision.Scored;
import java.util.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of {@code locate}: the place and token of the best cell, its probability, the radius that holds half of the
 * probability, and the likeliest cells; all null unless the status is ok.
 *
 * @param topK cells per row
 */
public record LocateRows(Broadcast<GeolocationModel> geolocation, int topK) implements RowMaker {
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
    public Function<Scored, Row> open() {
        Geolocator geolocator = geolocation.value().newGeolocator(topK);
        return photo -> row(photo, geolocator);
    }

    private static Row row(Scored photo, Geolocator geolocator) {
        int columns = SCHEMA.size();
        int first = PHOTO_COLUMNS.size();
        Object[] values = RowMaker.begin(photo, columns);
        float[] scores = photo.scores();
        if (scores != null) {
            Guess guess = geolocator.locate(scores);
            Candidate best = guess.best();
            values[first] = best.cell().mean().latitude();
            values[first + 1] = best.cell().mean().longitude();
            values[first + 2] = best.cell().token();
            values[first + 3] = best.probability();
            values[first + 4] = (float) guess.radiusKm();
            values[first + 5] = guess.cells().stream().map(LocateRows::row).toArray(Row[]::new);
        }
        return RowFactory.create(values);
    }

    private static Row row(Candidate candidate) {
        return RowFactory.create(
                candidate.cell().token(),
                candidate.probability(),
                candidate.cell().mean().latitude(),
                candidate.cell().mean().longitude());
    }
}
