package io.planisphere.spark.place;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.planisphere.eval.Unmatched;
import io.planisphere.eval.VerificationScore;
import io.planisphere.spark.place.PlaceTable.Heading;
import io.planisphere.vision.HalfFloat;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Pairs of photos told apart by the cosine of their feature vectors. The driver holds some 30 bytes per pair.
 *
 * @param scored empty if no pair has rows for both of its photos
 * @param pairs that were scored
 * @param unanswered of these, a photo has no vector, so that they are never accepted
 */
public record PairMatch(Optional<VerificationScore> scored, long pairs, long unanswered, Unmatched unmatched) {
    private static final List<String> REQUIRED = List.of("id", "uri", "status", "embedding");
    private static final List<String> PAIR = List.of("first", "second", "same");
    private static final StructType COMPARED = StructType.fromDDL("similarity double, same boolean, problem string");

    /**
     * Looks up both photos of each pair.
     *
     * @param pairs a table with the columns first, second and same (true or false, 1 or 0, yes or no)
     * @param match how it names photos
     * @throws IllegalArgumentException if rows are none of embed, two have the same key, the table is none of pairs, there are not
     *     both kinds of pairs, or vectors of a pair have unlike lengths
     */
    public static PairMatch of(SparkSession spark, String predictions, String pairs, PhotoKey match)
            throws IOException {
        Dataset<Row> rows = RunRows.answers(
                RunRows.open(spark, predictions, "embed", REQUIRED), match, col("embedding"), "predictions", List.of());
        Dataset<Row> joined = pairs(spark, pairs, match)
                .join(rows.toDF("first", "hasFirst", "firstVector"), Keys.named("first"), "left_outer")
                .join(rows.toDF("second", "hasSecond", "secondVector"), Keys.named("second"), "left_outer")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Row counts = joined.selectExpr(
                            "count_if(hasFirst and hasSecond)",
                            "count_if(hasFirst and hasSecond and (firstVector is null or secondVector is null))",
                            "count(1)")
                    .first();
            int scored = Math.toIntExact(counts.getLong(0));
            return new PairMatch(
                    scored == 0 ? Optional.empty() : Optional.of(score(joined, scored)),
                    scored,
                    counts.getLong(1),
                    new Unmatched(0, counts.getLong(2) - scored));
        } finally {
            joined.unpersist();
        }
    }

    /**
     * The score of the pairs.
     *
     * @throws java.util.NoSuchElementException if there was none to score
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
                        pairs.text(heading("same")).as("said"))
                .withColumn("same", expr("try_cast(trim(said) as boolean)"));
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
        return read.drop("said");
    }

    private static Heading heading(String column) {
        return new Heading(column, List.of(column));
    }

    private static VerificationScore score(Dataset<Row> joined, int pairs) {
        double[] similarities = new double[pairs];
        boolean[] same = new boolean[pairs];
        Iterator<Row> compared = joined.where("hasFirst and hasSecond")
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
                            "Cannot compare the vectors of %s and %s: they have %d and %d numbers"
                                    .formatted(row.get(0), row.get(1), first.length, second.length));
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
            return lengths > 0 ? product / lengths : 0; // a vector of zeros is like no other
        }
    }
}
