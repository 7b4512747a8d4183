package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.planisphere.eval.LabelScore;
import io.planisphere.eval.Unmatched;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Compares the labels of a classify run with true labels. Executors count photos by true label and rank; the driver gets only
 * these counts.
 *
 * @param score empty if no photo has both a row and a true label
 * @param by scores of groups, largest first, by grouping column
 * @param listed maximum number of labels in a row
 */
public record LabelMatch(
        Optional<LabelScore> score, Map<String, List<LabelScore.OfLabel>> by, Unmatched unmatched, int listed) {
    private static final RowShape ROWS = RowShape.of("classify", "labels array<struct<label string>>");
    private static final int MOST_TALLIES = 200_000;
    private static final String SCORED = "hasRow and truth is not null";

    /**
     * Joins rows with the ground truth by its key; a row's labels are in order, best first.
     *
     * @param by requested columns of the ground truth, or columns of the rows, to group by
     * @throws IllegalArgumentException if rows are not those of classify, a photo occurs twice on one side, or a column to group
     *     by is missing or has too many groups
     */
    public static LabelMatch of(SparkSession spark, String predictions, LabelTruth truth, List<String> by)
            throws IOException {
        Dataset<Row> rows = RunRows.open(spark, predictions, ROWS);
        List<Column> ofRows = new ArrayList<>();
        List<Column> ofTruth = new ArrayList<>(List.of(col("key"), col("label").as("truth")));
        for (int i = 0; i < by.size(); i++) {
            String name = by.get(i);
            List<Column> side = Arrays.asList(truth.rows().columns()).contains(name) ? ofTruth : ofRows;
            if (side == ofRows && Arrays.stream(rows.columns()).noneMatch(name::equalsIgnoreCase)) {
                throw new IllegalArgumentException(
                        "Cannot break down by %s: neither the truth nor the rows have such a column".formatted(name));
            }
            side.add(col(PredictedRows.quoted(name)).cast("string").as("group" + i));
        }
        Dataset<Row> known = truth.rows().where("label is not null").select(ofTruth.toArray(Column[]::new));
        truth.match().refuseRepeated(known, "truth");
        Dataset<Row> joined = RunRows.predictions(rows, truth.match(), col("labels.label"), "predictions", ofRows)
                .join(known, Keys.named("key"), "full_outer")
                .withColumn(
                        "rank",
                        expr("case when coalesce(size(prediction), 0) < 1 then -1"
                                + " else int(array_position(prediction, truth)) end"))
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Row counts = joined.selectExpr(
                            "count_if(hasRow and truth is null)",
                            "count_if(hasRow is null and truth is not null)",
                            "coalesce(max(size(prediction)), 0)")
                    .first();
            List<LabelScore.Tally> tallies = tallies(joined, "truth", "labels");
            Map<String, List<LabelScore.OfLabel>> groups = new LinkedHashMap<>();
            if (!tallies.isEmpty()) {
                for (int i = 0; i < by.size(); i++) {
                    // the group's name replaces the label, so each group is scored separately
                    groups.put(
                            by.get(i),
                            LabelScore.of(tallies(joined, "group" + i, by.get(i)))
                                    .labels());
                }
            }
            return new LabelMatch(
                    tallies.isEmpty() ? Optional.empty() : Optional.of(LabelScore.of(tallies)),
                    groups,
                    new Unmatched(counts.getLong(0), counts.getLong(1)),
                    counts.getInt(2));
        } finally {
            joined.unpersist();
        }
    }

    private static List<LabelScore.Tally> tallies(Dataset<Row> joined, String column, String what) {
        List<Row> counted = joined.where(SCORED)
                .groupBy(coalesce(col(column), lit("(none)")), col("rank"))
                .count()
                .takeAsList(MOST_TALLIES + 1);
        if (counted.size() > MOST_TALLIES) {
            throw new IllegalArgumentException(
                    "There are too many %s to score each by itself; is it the column that you mean?".formatted(what));
        }
        return counted.stream()
                .map(row -> new LabelScore.Tally(row.getString(0), row.getInt(1), row.getLong(2)))
                .toList();
    }
}
