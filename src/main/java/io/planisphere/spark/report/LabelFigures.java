package io.planisphere.spark.report;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;

import io.planisphere.report.ReportData.LabelCount;
import io.planisphere.report.ReportData.Labels;
import io.planisphere.report.ReportData.Score;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The figures of a {@code classify} run. */
final class LabelFigures {
    private static final int MOST_LABELS = 40;
    private static final int EXAMPLES_PER_LABEL = 2;
    private static final int LABELS_WITH_EXAMPLES = 24;
    private static final int MOST_SCORES = 5;

    private final ReportedRun run;
    private final Gathered gathered;

    LabelFigures(ReportedRun run, Gathered gathered) {
        this.run = run;
        this.gathered = gathered;
    }

    /** Returns whether these are rows of {@code classify}. */
    static boolean fit(ReportedRun run) {
        return run.has("labels");
    }

    Labels of() {
        Dataset<Row> rows = run.rows()
                .where(size(col("labels")).gt(0))
                .withColumn("best", element_at(col("labels"), 1).getField("label"))
                .withColumn("score", element_at(col("labels"), 1).getField("score"));
        Dataset<Row> counted = rows.groupBy("best").agg(count(lit(1)).as("photos"), avg("score"));
        List<Row> frequent = counted.orderBy(col("photos").desc(), col("best")).takeAsList(MOST_LABELS);
        List<String> shown = frequent.stream()
                .limit(LABELS_WITH_EXAMPLES)
                .map(row -> row.getString(0))
                .toList();
        Map<String, List<Row>> samples = SampledRows.of(
                rows,
                col("best"),
                shown,
                EXAMPLES_PER_LABEL,
                col("id"),
                col("width"),
                col("height"),
                slice(col("labels"), 1, MOST_SCORES).as("labels"));
        return new Labels(
                Histograms.ofScores(rows, col("score")),
                frequent.stream()
                        .map(row -> new LabelCount(
                                Texts.shortened(row.getString(0)),
                                row.getLong(1),
                                PlaceFigures.rounded(row.getDouble(2))))
                        .toList(),
                counted.count(),
                shown.stream()
                        .flatMap(label -> samples.getOrDefault(label, List.of()).stream())
                        .map(row -> gathered.addLabels(row, scores(row)))
                        .toList());
    }

    private static List<Score> scores(Row row) {
        List<Row> labels = row.getList(row.fieldIndex("labels"));
        return labels.stream()
                .map(label -> new Score(
                        Texts.shortened(label.getAs("label")), PlaceFigures.rounded(label.<Float>getAs("score"))))
                .toList();
    }
}
