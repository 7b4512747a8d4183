package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.expr;

import io.planisphere.eval.DetectionMatch;
import io.planisphere.eval.DetectionScore;
import io.planisphere.eval.Unmatched;
import io.planisphere.vision.Box;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Compares the objects of a detect run with ground-truth objects. Executors match photo by photo; the driver holds the
 * detections, some 30 bytes each, so tens of millions fit.
 *
 * @param photos photos with both a row and ground truth
 * @param withoutPrediction those of them without a prediction, so all of their objects are missed
 */
public record ObjectMatch(DetectionScore score, long photos, long withoutPrediction, Unmatched unmatched) {
    private static final RowShape ROWS = RowShape.of(
            "detect",
            "objects array<struct<label string, score float, xmin float, ymin float, xmax float, ymax float>>");
    private static final String SCORED = "hasRow and real is not null";
    private static final StructType MATCHED =
            StructType.fromDDL("label string, real int, scores array<double>, hits array<int>");

    /**
     * Joins rows with the ground truth by its key.
     *
     * @throws IllegalArgumentException if rows are not those of detect, or two have the same key
     */
    public static ObjectMatch of(SparkSession spark, String predictions, ObjectTruth truth) throws IOException {
        Dataset<Row> rows = RunRows.open(spark, predictions, ROWS);
        Dataset<Row> joined = RunRows.predictions(
                        rows,
                        truth.match(),
                        expr("transform(objects, o -> struct(o.label as label, double(o.score) as score,"
                                + " double(o.xmin) as xmin, double(o.ymin) as ymin,"
                                + " double(o.xmax) as xmax, double(o.ymax) as ymax))"),
                        "predictions",
                        List.of())
                .join(truth.rows(), Keys.named("key"), "full_outer")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Row counts = joined.selectExpr(
                            "count_if(" + SCORED + ")",
                            "count_if(prediction is null and " + SCORED + ")",
                            "count_if(hasRow and real is null)",
                            "count_if(hasRow is null and real is not null)")
                    .first();
            Iterator<Row> matched = joined.where(SCORED)
                    // the order of equal scores matters, and must not depend on the partitioning
                    .orderBy("key")
                    .select("prediction", "real")
                    .flatMap(new Match(), Encoders.row(MATCHED))
                    .toLocalIterator();
            List<DetectionMatch.OfLabel> photos = new ArrayList<>();
            matched.forEachRemaining(row -> photos.add(ofLabel(row)));
            return new ObjectMatch(
                    DetectionScore.of(photos),
                    counts.getLong(0),
                    counts.getLong(1),
                    new Unmatched(counts.getLong(2), counts.getLong(3)));
        } finally {
            joined.unpersist();
        }
    }

    private static DetectionMatch.OfLabel ofLabel(Row row) {
        List<Double> scores = row.getList(2);
        List<Integer> hits = row.getList(3);
        List<DetectionMatch.Scored> found = new ArrayList<>();
        for (int i = 0; i < scores.size(); i++) {
            found.add(new DetectionMatch.Scored(scores.get(i), hits.get(i)));
        }
        return new DetectionMatch.OfLabel(row.getString(0), row.getInt(1), found);
    }

    private record Match() implements FlatMapFunction<Row, Row> {
        @Override
        public Iterator<Row> call(Row photo) {
            List<DetectionMatch.Found> found = new ArrayList<>();
            if (!photo.isNullAt(0)) {
                for (Row each : photo.<Row>getList(0)) {
                    found.add(new DetectionMatch.Found(each.getString(0), each.getDouble(1), box(each, 2)));
                }
            }
            List<DetectionMatch.Real> real = photo.<Row>getList(1).stream()
                    .map(each -> new DetectionMatch.Real(each.getString(0), box(each, 1)))
                    .toList();
            return DetectionMatch.of(real, found).stream()
                    .map(each -> RowFactory.create(
                            each.label(),
                            each.real(),
                            each.found().stream()
                                    .map(DetectionMatch.Scored::score)
                                    .toArray(Double[]::new),
                            each.found().stream()
                                    .map(DetectionMatch.Scored::hits)
                                    .toArray(Integer[]::new)))
                    .iterator();
        }

        private static Box box(Row row, int from) {
            double xmin = row.getDouble(from);
            double ymin = row.getDouble(from + 1);
            double xmax = row.getDouble(from + 2);
            double ymax = row.getDouble(from + 3);
            // a network may output an inverted box, which covers nothing and matches nothing
            return xmin <= xmax && ymin <= ymax
                    ? new Box((float) xmin, (float) ymin, (float) xmax, (float) ymax)
                    : new Box(0, 0, 0, 0);
        }
    }
}
