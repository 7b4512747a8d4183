package io.planisphere.spark.report;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.planisphere.report.ReportData.Attribute;
import io.planisphere.report.ReportData.Box;
import io.planisphere.report.ReportData.Boxes;
import io.planisphere.report.ReportData.Histogram;
import io.planisphere.report.ReportData.LabelCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The figures of a {@code faces} or {@code detect} run. */
final class BoxFigures {
    static final int EXAMPLES = 24;
    private static final int MOST_BOXES = 40;
    private static final int MOST_LABELS = 30;
    private static final int MOST_ATTRIBUTES = 60;
    private static final String FACES = "faces";
    private static final String OBJECTS = "objects";

    private final ReportedRun run;
    private final Gathered gathered;
    private final String things;

    BoxFigures(ReportedRun run, Gathered gathered) {
        this.run = run;
        this.gathered = gathered;
        this.things = run.has(FACES) ? FACES : OBJECTS;
    }

    /** Returns whether these are rows of {@code faces} or {@code detect}. */
    static boolean fit(ReportedRun run) {
        return run.has(FACES) || run.has(OBJECTS);
    }

    Boxes of() {
        Dataset<Row> photos = run.rows().where(size(col(things)).gt(0));
        Dataset<Row> boxes = photos.select(explode(col(things)).as("box")).select("box.*");
        Row totals =
                photos.agg(count(lit(1)), sum(size(col(things)).cast("bigint"))).first();
        List<LabelCount> labels = things.equals(OBJECTS) ? labels(boxes) : List.of();
        return new Boxes(
                things,
                totals.getLong(0),
                totals.isNullAt(1) ? 0 : totals.getLong(1),
                Histograms.ofScores(boxes, col("score")),
                labels,
                has(boxes, "attributes") ? attributes(boxes) : List.of(),
                examples(photos, labels));
    }

    private static boolean has(Dataset<Row> rows, String column) {
        return Arrays.asList(rows.columns()).contains(column);
    }

    private static List<LabelCount> labels(Dataset<Row> boxes) {
        return boxes
                .groupBy("label")
                .agg(count(lit(1)).as("boxes"), avg("score"))
                .orderBy(col("boxes").desc(), col("label"))
                .limit(MOST_LABELS)
                .collectAsList()
                .stream()
                .map(row -> new LabelCount(
                        Texts.shortened(row.getString(0)), row.getLong(1), PlaceFigures.rounded(row.getDouble(2))))
                .toList();
    }

    /**
     * Returns histograms between the smallest and largest value of each attribute, or from 0 to 1 if all values are in that
     * range.
     */
    private List<Attribute> attributes(Dataset<Row> boxes) {
        Dataset<Row> values = boxes.select(explode(col("attributes"))).where("value is not null and not isnan(value)");
        List<Row> ranges = values.groupBy("key")
                .agg(count(lit(1)), avg("value"), min("value"), max("value"))
                .orderBy("key")
                .takeAsList(MOST_ATTRIBUTES + 1);
        if (ranges.size() > MOST_ATTRIBUTES) {
            gathered.note(
                    String.format(Locale.ROOT, "Of the attributes only the first %d are shown.", MOST_ATTRIBUTES));
            ranges = ranges.subList(0, MOST_ATTRIBUTES);
        }
        Column bin = lit(null).cast("int");
        for (Row range : ranges) {
            bin = when(
                            col("key").equalTo(range.getString(0)),
                            Histograms.bin(col("value"), lit(low(range)), lit(high(range))))
                    .otherwise(bin);
        }
        Map<String, long[]> counts = new HashMap<>();
        values.select(col("key"), bin.as("bin"))
                .where("bin is not null")
                .groupBy("key", "bin")
                .agg(count(lit(1)))
                .collectAsList()
                .forEach(row ->
                        counts.computeIfAbsent(row.getString(0), any -> new long[Histograms.BINS])[row.getInt(1)] =
                                row.getLong(2));
        return ranges.stream()
                .map(range -> attribute(range, counts.getOrDefault(range.getString(0), new long[Histograms.BINS])))
                .toList();
    }

    private static Attribute attribute(Row range, long[] counts) {
        return new Attribute(
                Texts.shortened(range.getString(0)),
                range.getLong(1),
                PlaceFigures.rounded(range.getDouble(2)),
                new Histogram(low(range), high(range), Histograms.listed(counts)));
    }

    private static boolean isProbability(Row range) {
        return range.getFloat(3) >= 0 && range.getFloat(4) <= 1;
    }

    private static double low(Row range) {
        return isProbability(range) ? 0 : Math.floor(range.getFloat(3));
    }

    private static double high(Row range) {
        return isProbability(range) ? 1 : Math.max(low(range) + 1, Math.ceil(range.getFloat(4)));
    }

    /** Returns examples of objects, some for each frequent label. */
    private List<Integer> examples(Dataset<Row> photos, List<LabelCount> labels) {
        boolean byLabel = !labels.isEmpty();
        List<String> groups =
                byLabel ? labels.stream().limit(EXAMPLES).map(LabelCount::label).toList() : List.of(things);
        Map<String, List<Row>> rows = SampledRows.of(
                photos,
                byLabel ? element_at(col(things), 1).getField("label") : lit(things),
                groups,
                (EXAMPLES + groups.size() - 1) / groups.size(),
                col("id"),
                col("width"),
                col("height"),
                slice(col(things), 1, MOST_BOXES).as("boxes"));
        return groups.stream()
                .flatMap(group -> rows.getOrDefault(group, List.of()).stream())
                .limit(EXAMPLES)
                .map(row -> gathered.addBoxes(row, boxes(row)))
                .toList();
    }

    private List<Box> boxes(Row photo) {
        List<Row> rows = photo.getList(photo.fieldIndex("boxes"));
        List<Box> boxes = new ArrayList<>();
        for (Row box : rows) {
            boxes.add(new Box(
                    things.equals(OBJECTS) ? Texts.shortened(box.getAs("label")) : "",
                    PlaceFigures.rounded(box.<Float>getAs("score")),
                    pixels(box, "xmin"),
                    pixels(box, "ymin"),
                    pixels(box, "xmax"),
                    pixels(box, "ymax"),
                    attributes(box)));
        }
        return boxes;
    }

    private static double pixels(Row box, String column) {
        return Math.rint(box.<Float>getAs(column) * 10) / 10;
    }

    private static Map<String, Double> attributes(Row box) {
        Map<String, Double> values = new TreeMap<>();
        if (Arrays.asList(box.schema().fieldNames()).contains("attributes")
                && !box.isNullAt(box.fieldIndex("attributes"))) {
            box.<String, Float>getJavaMap(box.fieldIndex("attributes")).entrySet().stream()
                    .limit(MOST_ATTRIBUTES)
                    .forEach(each -> values.put(Texts.shortened(each.getKey()), PlaceFigures.rounded(each.getValue())));
        }
        return values;
    }
}
