package io.planisphere.spark.place;

import static org.apache.spark.sql.functions.col;

import io.planisphere.geo.LatLng;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Predicted places against the truth.
 *
 * @param errorsKm one per photo with a prediction row and a true place, in no order; infinite where the row has no place.
 *     8 bytes each, on the driver: tens of millions fit
 * @param unanswered how many of them are infinite
 * @param withoutTruth predicted photos that the truth does not place
 * @param withoutPrediction places of the truth for which there is no row
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
public record PlaceErrors(double[] errorsKm, long unanswered, long withoutTruth, long withoutPrediction) {
    private static final List<String> COLUMNS = List.of("id", "uri", "status", "latitude", "longitude");

    /**
     * Joins rows of {@code locate} with the truth.
     *
     * @throws IllegalArgumentException if the rows are none of {@code locate}, or two rows on one side have the same key
     */
    public static PlaceErrors of(SparkSession spark, String predictions, PlaceTruth truth) throws IOException {
        Dataset<Row> predicted = predictions(spark, predictions)
                .select(
                        truth.match().ofPrediction().as("key"),
                        col("status").equalTo("ok").as("answered"),
                        col("latitude").as("latitude"),
                        col("longitude").as("longitude"));
        Dataset<Row> known = truth.rows()
                .where("abs(latitude) <= 90 and abs(longitude) <= 180")
                .select(
                        col("key"),
                        col("latitude").as("trueLatitude"),
                        col("longitude").as("trueLongitude"));
        refuseRepeated(predicted, "predictions", truth.match());
        refuseRepeated(known, "truth", truth.match());

        Dataset<Row> joined = predicted
                .join(known, predicted.col("key").equalTo(known.col("key")), "full_outer")
                .select("answered", "latitude", "longitude", "trueLatitude", "trueLongitude")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Dataset<Row> both = joined.where("answered is not null and trueLatitude is not null");
            double[] errors = new double[Math.toIntExact(both.count())];
            Iterator<Double> kilometres =
                    both.map(new ErrorKm(), Encoders.DOUBLE()).toLocalIterator();
            for (int i = 0; i < errors.length; i++) {
                errors[i] = kilometres.next();
            }
            return new PlaceErrors(
                    errors,
                    Arrays.stream(errors).filter(Double::isInfinite).count(),
                    joined.where("trueLatitude is null").count(),
                    joined.where("answered is null").count());
        } finally {
            joined.unpersist();
        }
    }

    private static Dataset<Row> predictions(SparkSession spark, String predictions) throws IOException {
        Path path = new Path(predictions);
        if (!path.getFileSystem(spark.sessionState().newHadoopConf()).exists(path)) {
            throw new IllegalArgumentException("Cannot read predictions from " + predictions + ": there is nothing");
        }
        Dataset<Row> rows = spark.read().parquet(predictions);
        List<String> columns = List.of(rows.columns());
        if (!columns.containsAll(COLUMNS)) {
            throw new IllegalArgumentException(
                    "Cannot score %s: its columns are %s, but rows of locate have %s; give the --output of a locate run"
                            .formatted(predictions, String.join(", ", columns), String.join(", ", COLUMNS)));
        }
        return rows;
    }

    private static void refuseRepeated(Dataset<Row> rows, String side, PhotoKey key) {
        Dataset<Row> repeated =
                rows.where("key is not null").groupBy("key").count().where("count > 1");
        List<Row> some = repeated.orderBy("key").takeAsList(3);
        if (!some.isEmpty()) {
            throw new IllegalArgumentException(
                    "The %s name a photo more than once by %s: %s; make the names unique, or match by another one of %s"
                            .formatted(
                                    side,
                                    key.name().toLowerCase(Locale.ROOT),
                                    some.stream()
                                            .map(row -> row.getString(0) + " (" + row.getLong(1) + " times)")
                                            .collect(Collectors.joining(", ")),
                                    Arrays.stream(PhotoKey.values())
                                            .map(other -> other.name().toLowerCase(Locale.ROOT))
                                            .collect(Collectors.joining(", "))));
        }
    }

    private record ErrorKm() implements MapFunction<Row, Double> {
        @Override
        public Double call(Row row) {
            if (!row.getBoolean(0) || row.isNullAt(1) || row.isNullAt(2)) {
                return Double.POSITIVE_INFINITY;
            }
            Optional<LatLng> predicted = LatLng.of(row.getDouble(1), row.getDouble(2));
            LatLng truth = new LatLng(row.getDouble(3), row.getDouble(4));
            return predicted.map(truth::distanceKm).orElse(Double.POSITIVE_INFINITY);
        }
    }
}
