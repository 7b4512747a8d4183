package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.planisphere.eval.Unmatched;
import io.planisphere.eval.VerificationScore;
import io.planisphere.spark.evaluate.PlaceTable.Heading;
import io.planisphere.vision.HalfFloat;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Verifies pairs of photos by the cosine similarity of their feature vectors: those of {@code embed}, or those of each photo's
 * highest-scoring face. The driver holds some 30 bytes per pair.
 *
 * @param scored score; empty if no pair has rows for both of its photos
 * @param pairs number of scored pairs
 * @param withoutPrediction those of them in which a photo has no vector, so they are never accepted
 * @param faceless photos of these pairs without a detected face; empty for rows of embed
 */
public record PairMatch(
        Optional<VerificationScore> scored,
        long pairs,
        long withoutPrediction,
        OptionalLong faceless,
        Unmatched unmatched) {
    private static final RowShape[] ROWS = {
        RowShape.of("embed", "embedding array<float>"),
        RowShape.of("embed", "embedding binary"),
        RowShape.of("faces --embedding", "faces array<struct<score float, embedding array<float>>>")
    };
    private static final String SCORED = "hasFirst and hasSecond";
    private static final List<String> PAIR = List.of("first", "second", "same");
    private static final StructType COMPARED = StructType.fromDDL("similarity double, same boolean, problem string");

    /**
     * Looks up both photos of each pair.
     *
     * @param pairs a table with the columns first, second and same (true or false, 1 or 0, yes or no)
     * @param match how it identifies photos
     * @throws IllegalArgumentException if rows are not those of embed or faces, two have the same key, the table is not one of
     *     pairs, there are not both kinds of pairs, or the vectors of a pair differ in length
     */
    public static PairMatch of(SparkSession spark, String predictions, String pairs, PhotoKey match)
            throws IOException {
        Dataset<Row> run = RunRows.open(spark, predictions, ROWS);
        boolean ofFaces = !Arrays.asList(run.columns()).contains("embedding");
        if (ofFaces) {
            refuseWithoutVectors(run, predictions);
        }
        Dataset<Row> rows = RunRows.predictions(
                run,
                match,
                ofFaces ? vectors(HighestScoringFace.of("embedding")) : vectorsOf(run),
                "predictions",
                List.of(ofFaces ? expr("status = 'ok' and size(faces) = 0") : lit(false)));
        Dataset<Row> joined = pairs(spark, pairs, match)
                .join(rows.toDF("first", "hasFirst", "firstVector", "firstFaceless"), Keys.named("first"), "left_outer")
                .join(
                        rows.toDF("second", "hasSecond", "secondVector", "secondFaceless"),
                        Keys.named("second"),
                        "left_outer")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Row counts = joined.selectExpr(
                            "count_if(" + SCORED + ")",
                            "count_if(" + SCORED + " and (firstVector is null or secondVector is null))",
                            "count(1)")
                    .first();
            int scored = Math.toIntExact(counts.getLong(0));
            return new PairMatch(
                    scored == 0 ? Optional.empty() : Optional.of(score(joined, scored)),
                    scored,
                    counts.getLong(1),
                    ofFaces ? OptionalLong.of(faceless(joined)) : OptionalLong.empty(),
                    new Unmatched(0, counts.getLong(2) - scored));
        } finally {
            joined.unpersist();
        }
    }

    private static void refuseWithoutVectors(Dataset<Row> run, String predictions) {
        Dataset<Row> photos = run.where("size(faces) > 0");
        if (photos.where("exists(faces, face -> face.embedding is not null)").isEmpty() && !photos.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot compare faces of %s: none has a vector; run faces with --embedding".formatted(predictions));
        }
    }

    private static Column vectorsOf(Dataset<Row> run) {
        boolean halves = run.schema().apply("embedding").dataType().equals(DataTypes.BinaryType);
        return halves ? col("embedding") : vectors(col("embedding"));
    }

    private static Column vectors(Column numbers) {
        return numbers.cast("array<float>");
    }

    private static long faceless(Dataset<Row> joined) {
        return joined.where(SCORED)
                .selectExpr("explode(array(if(firstFaceless, first, null), if(secondFaceless, second, null))) as photo")
                .where("photo is not null")
                .distinct()
                .count();
    }

    /**
     * Returns the score of the pairs.
     *
     * @throws java.util.NoSuchElementException if no pair was scored
     */
    public VerificationScore score() {
        return scored.orElseThrow();
    }

    private static Dataset<Row> pairs(SparkSession spark, String table, PhotoKey match) throws IOException {
        PlaceTable pairs = PlaceTable.open(spark, table);
        for (String column : PAIR) {
            if (!pairs.has(heading(column))) {
                throw new IllegalArgumentException("Cannot find pairs in %s: it has no column %s; it needs %s"
                        .formatted(table, column, String.join(", ", PAIR)));
            }
        }
        Dataset<Row> read = pairs.select(
                        match.of(pairs.text(heading("first"))).as("first"),
                        match.of(pairs.text(heading("second"))).as("second"),
                        pairs.text(heading("same")).as("text"))
                .withColumn("same", expr("try_cast(trim(text) as boolean)"));
        List<Row> unclear = read.where("same is null").takeAsList(1);
        if (!unclear.isEmpty()) {
            throw new IllegalArgumentException(
                    "The pair %s, %s in %s is neither the same nor not: same is %s; write true or false"
                            .formatted(
                                    unclear.get(0).get(0),
                                    unclear.get(0).get(1),
                                    table,
                                    unclear.get(0).get(2)));
        }
        return read.drop("text");
    }

    private static Heading heading(String column) {
        return new Heading(column, List.of(column));
    }

    private static VerificationScore score(Dataset<Row> joined, int pairs) {
        double[] similarities = new double[pairs];
        boolean[] same = new boolean[pairs];
        Iterator<Row> compared = joined.where(SCORED)
                .select("first", "second", "firstVector", "secondVector", "same")
                .map(new Compare(), Encoders.row(COMPARED))
                .toLocalIterator();
        for (int i = 0; i < pairs; i++) {
            Row row = compared.next();
            if (!row.isNullAt(2)) {
                throw new IllegalArgumentException(row.getString(2));
            }
            similarities[i] = row.getDouble(0);
            same[i] = row.getBoolean(1);
        }
        return VerificationScore.of(similarities, same);
    }

    private record Compare() implements MapFunction<Row, Row> {
        @Override
        public Row call(Row row) {
            if (row.isNullAt(2) || row.isNullAt(3)) {
                return RowFactory.create(Double.NEGATIVE_INFINITY, row.getBoolean(4), null);
            }
            float[] first = vector(row, 2);
            float[] second = vector(row, 3);
            return first.length == second.length
                    ? RowFactory.create(cosine(first, second), row.getBoolean(4), null)
                    : RowFactory.create(
                            null,
                            null,
                            String.format(
                                    Locale.ROOT,
                                    "Cannot compare the vectors of %s and %s: they have %d and %d numbers",
                                    row.get(0),
                                    row.get(1),
                                    first.length,
                                    second.length));
        }

        private static float[] vector(Row row, int column) {
            if (row.get(column) instanceof byte[] halves) {
                return HalfFloat.decode(halves);
            }
            List<Float> values = row.getList(column);
            float[] vector = new float[values.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = values.get(i);
            }
            return vector;
        }

        private static double cosine(float[] first, float[] second) {
            double product = 0;
            double ofFirst = 0;
            double ofSecond = 0;
            for (int i = 0; i < first.length; i++) {
                product += (double) first[i] * second[i];
                ofFirst += (double) first[i] * first[i];
                ofSecond += (double) second[i] * second[i];
            }
            double lengths = Math.sqrt(ofFirst * ofSecond);
            return lengths > 0 ? product / lengths : 0; // a zero vector is similar to none
        }
    }
}
