package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.planisphere.eval.MatchCounts;
import io.planisphere.eval.PlacedPhotos;
import io.planisphere.geo.Partition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * Predicted places joined with the true ones.
 *
 * @param photos photos with both; the driver holds them, some 50 bytes each, so tens of millions fit
 * @param counts counts of what was left out
 */
public record PlaceMatch(PlacedPhotos photos, MatchCounts counts) {
    /** Groups derived from the true place rather than from columns of a table. */
    public static final List<String> DERIVED = List.of(MeasurePhotos.CONTINENT, MeasurePhotos.CELL);

    private static final String SCORED = "ok is not null and trueLatitude is not null and excluded is null";

    // cosine of centred embeddings; other JPEG quality or size of the same photo gives more
    private static final double NEAR_DUPLICATE = 0.95;

    /**
     * A request for a join.
     *
     * @param predictions the output of a locate run
     * @param other output of another run to compare with
     * @param by columns to group by: {@link #DERIVED}, requested columns of the ground truth, or columns of the rows
     * @param cells cells of the oracle (true cell)
     * @param excluded users whose photos are left out
     */
    public record Request(
            String predictions,
            Optional<String> other,
            PlaceTruth truth,
            List<String> by,
            Optional<Partition> cells,
            Optional<UserList> excluded) {
        public Request {
            by = List.copyOf(by);
        }
    }

    /**
     * Joins rows with the true places.
     *
     * @throws IllegalArgumentException if rows are not those of {@code locate}, two rows on one side have the same key, a column
     *     to group by is missing, or users are to be excluded but none are known
     */
    public static PlaceMatch of(SparkSession spark, Request request) throws IOException {
        Dataset<Row> joined = join(spark, request).persist(StorageLevel.MEMORY_AND_DISK());
        Dataset<Row> measured = joined.where(SCORED)
                // so that each user's photos are adjacent, and in the same order under any partitioning
                .orderBy(col("user").asc_nulls_first(), col("key"))
                .mapPartitions(
                        new MeasurePhotos(request.by(), cells(spark, request.cells())),
                        Encoders.row(MeasurePhotos.MEASURED))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            MatchCounts counts = counts(joined);
            if (request.excluded().isPresent()
                    && joined.where("user is not null").isEmpty()) {
                throw new IllegalArgumentException("Cannot leave out users: the truth knows none; "
                        + "name the column that holds them with --user-column");
            }
            int photos = Math.toIntExact(measured.count());
            MeasuredColumns columns = new MeasuredColumns(photos, request.by());
            measured.toLocalIterator().forEachRemaining(columns::add);
            return new PlaceMatch(columns.photos(), counts);
        } finally {
            measured.unpersist();
            joined.unpersist();
        }
    }

    private static Dataset<Row> join(SparkSession spark, Request request) throws IOException {
        PhotoKey match = request.truth().match();
        PredictedRows rows = PredictedRows.open(spark, request.predictions());
        List<Column> ofRows = new ArrayList<>(List.of(
                rows.orNull("confidence", "float"),
                rows.orNull("radius_km", "float"),
                rows.orNull("radius90_km", "float"),
                rows.orNull("cell", "string"),
                rows.orNull("gallery_similarity", "float")));
        List<Column> ofTruth = new ArrayList<>(List.of(
                col("key"), col("latitude").as("trueLatitude"), col("longitude").as("trueLongitude"), col("user")));
        List<String> known = List.of(request.truth().rows().columns());
        for (int i = 0; i < request.by().size(); i++) {
            String name = request.by().get(i);
            if (DERIVED.contains(name)) {
                continue;
            }
            if (known.contains(name)) {
                ofTruth.add(col(PredictedRows.quoted(name)).as("group" + i));
            } else if (rows.has(name)) {
                ofRows.add(col(PredictedRows.quoted(name)).cast("string").as("group" + i));
            } else {
                throw new IllegalArgumentException(
                        "Cannot break down by %s: neither the truth nor the rows have such a column; continent and cell are known of every place"
                                .formatted(name));
            }
        }
        Dataset<Row> truth = request.truth()
                .rows()
                .where("abs(latitude) <= 90 and abs(longitude) <= 180")
                .select(ofTruth.toArray(Column[]::new));
        match.refuseRepeated(truth, "truth");
        Dataset<Row> joined = rows.by(match, ofRows).join(truth, Keys.named("key"), "full_outer");
        Dataset<Row> compared = request.other().isPresent()
                ? joined.join(
                        PredictedRows.open(spark, request.other().get())
                                .by(match, List.of())
                                .toDF("key", "otherOk", "otherLatitude", "otherLongitude"),
                        Keys.named("key"),
                        "full_outer")
                : joined.selectExpr(
                        "*",
                        "boolean(null) as otherOk",
                        "double(null) as otherLatitude",
                        "double(null) as otherLongitude");
        return request.excluded().isPresent()
                ? compared.join(
                        request.excluded().get().rows().withColumn("excluded", lit(true)),
                        Keys.named("user"),
                        "left_outer")
                : compared.withColumn("excluded", lit(null).cast("boolean"));
    }

    private static @Nullable Broadcast<String> cells(SparkSession spark, Optional<Partition> cells) throws IOException {
        if (cells.isEmpty()) {
            return null;
        }
        StringBuilder csv = new StringBuilder();
        cells.get().write(csv);
        return new JavaSparkContext(spark.sparkContext()).broadcast(csv.toString());
    }

    private static MatchCounts counts(Dataset<Row> joined) {
        Row counts = joined.agg(
                        count("ok and latitude is null and " + SCORED),
                        count("user is null and " + SCORED),
                        count("ok is not null and trueLatitude is null"),
                        count("ok is null and trueLatitude is not null and excluded is null"),
                        count("ok is not null and trueLatitude is not null and excluded"),
                        count("otherOk is null and " + SCORED),
                        count("otherOk is not null and ok is null and trueLatitude is not null and excluded is null"),
                        count("gallery_similarity >= " + NEAR_DUPLICATE + " and " + SCORED))
                .first();
        return new MatchCounts(
                counts.getLong(0),
                counts.getLong(1),
                counts.getLong(2),
                counts.getLong(3),
                counts.getLong(4),
                counts.getLong(5),
                counts.getLong(6),
                counts.getLong(7));
    }

    private static Column count(String where) {
        return functions.count(functions.when(functions.expr(where), 1));
    }
}
