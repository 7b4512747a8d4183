package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.try_element_at;
import static org.apache.spark.sql.functions.when;

import io.planisphere.eval.AttributeScore;
import io.planisphere.eval.AttributeScore.Group;
import io.planisphere.eval.Unmatched;
import io.planisphere.spark.evaluate.PlaceTable.Heading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Compares the attributes of a faces run with a table with a column per attribute. For a photo with several faces, the
 * highest-scoring face is used. The driver holds some nine bytes per photo and attribute.
 *
 * @param by groups of photos, largest first, by grouping column
 * @param photos photos with both a row and ground truth
 * @param withoutPrediction those of them without a face with attributes
 */
public record AttributeMatch(
        AttributeScore score, Map<String, List<Group>> by, long photos, long withoutPrediction, Unmatched unmatched) {
    // each is a pass over the joined rows
    private static final int MOST_GROUPS = 100;
    private static final RowShape ROWS =
            RowShape.of("faces", "faces array<struct<score float, attributes map<string, float>>>");
    private static final int MOST_ATTRIBUTES = 1000;
    private static final String NO_GROUP = "(none)";
    private static final String SCORED = "hasRow and hasTruth";

    /**
     * Joins rows with the ground truth, and scores the attributes that both have.
     *
     * @param table a table that {@link PlaceTable} reads; an attribute's column has 1 or true for yes, 0, -1 or false for no, and
     *     is empty if unknown
     * @param photo heading of the column that identifies photos
     * @param match how photos are identified; by default inferred from the column's heading
     * @param by columns of the ground truth to group by
     * @throws IllegalArgumentException if rows are not those of faces, a photo occurs twice on one side, no attribute is in both,
     *     or a column to group by is missing or has too many groups
     */
    public static AttributeMatch of(
            SparkSession spark,
            String predictions,
            String table,
            Optional<String> photo,
            Optional<PhotoKey> match,
            List<String> by)
            throws IOException {
        PlaceTable truth = PlaceTable.open(spark, table);
        PhotoNaming naming = PhotoNaming.of(truth, photo, Optional.empty(), match);
        Dataset<Row> rows = RunRows.predictions(
                RunRows.open(spark, predictions, ROWS),
                naming.match(),
                HighestScoringFace.of("attributes"),
                "predictions",
                List.of());
        List<String> names = names(rows, truth, predictions, table);
        Dataset<Row> joined = rows.join(known(truth, naming, names, by), Keys.named("key"), "full_outer")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Row counts = joined.selectExpr(
                            "count_if(" + SCORED + ")",
                            "count_if(prediction is null and " + SCORED + ")",
                            "count_if(hasRow and hasTruth is null)",
                            "count_if(hasRow is null and hasTruth)")
                    .first();
            int photos = Math.toIntExact(counts.getLong(0));
            return new AttributeMatch(
                    AttributeScore.of(byAttribute(joined, names, photos)),
                    groups(joined, names, by),
                    photos,
                    counts.getLong(1),
                    new Unmatched(counts.getLong(2), counts.getLong(3)));
        } finally {
            joined.unpersist();
        }
    }

    private static Map<String, List<Group>> groups(Dataset<Row> joined, List<String> names, List<String> by) {
        Map<String, List<Group>> groups = new LinkedHashMap<>();
        for (int i = 0; i < by.size(); i++) {
            Column column = col("group" + i);
            List<Row> sizes = joined.where(SCORED)
                    .groupBy(column)
                    .count()
                    .orderBy(col("count").desc(), column)
                    .takeAsList(MOST_GROUPS + 1);
            if (sizes.size() > MOST_GROUPS) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "There are more than %d values of %s to score each by itself; is it the column that you mean?",
                        MOST_GROUPS,
                        by.get(i)));
            }
            groups.put(
                    by.get(i),
                    sizes.stream()
                            .map(size -> new Group(
                                    size.getString(0),
                                    size.getLong(1),
                                    AttributeScore.of(byAttribute(
                                            joined.where(column.equalTo(size.getString(0))),
                                            names,
                                            Math.toIntExact(size.getLong(1))))))
                            .toList());
        }
        return groups;
    }

    private static List<String> names(Dataset<Row> rows, PlaceTable truth, String predictions, String table) {
        List<String> predicted = rows.where("prediction is not null")
                .selectExpr("explode(map_keys(prediction)) as name")
                .distinct()
                .orderBy("name")
                .as(Encoders.STRING())
                .takeAsList(MOST_ATTRIBUTES);
        List<String> names =
                predicted.stream().filter(name -> truth.has(heading(name))).toList();
        if (names.isEmpty()) {
            throw new IllegalArgumentException("No attribute of the faces in %s has a column in %s; they are called %s"
                    .formatted(
                            predictions, table, predicted.isEmpty() ? "nothing at all" : String.join(", ", predicted)));
        }
        return names;
    }

    private static Dataset<Row> known(PlaceTable truth, PhotoNaming naming, List<String> names, List<String> by) {
        List<Column> columns = new ArrayList<>(List.of(naming.key(), lit(true).as("hasTruth")));
        for (int i = 0; i < names.size(); i++) {
            Column text = truth.text(heading(names.get(i)));
            Column number = text.try_cast("double");
            columns.add(when(number.isNotNull(), number.gt(0))
                    .otherwise(text.try_cast("boolean"))
                    .as("truth" + i));
        }
        for (int i = 0; i < by.size(); i++) {
            if (!truth.has(heading(by.get(i)))) {
                throw new IllegalArgumentException(
                        "Cannot break down by %s: the truth has no such column".formatted(by.get(i)));
            }
            columns.add(coalesce(truth.text(heading(by.get(i))), lit(NO_GROUP)).as("group" + i));
        }
        Dataset<Row> known = truth.select(columns.toArray(Column[]::new)).where("key is not null");
        naming.match().refuseRepeated(known, "truth");
        return known;
    }

    private static List<AttributeScore.Predictions> byAttribute(Dataset<Row> joined, List<String> names, int photos) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(try_element_at(col("prediction"), lit(names.get(i))).cast("double"));
            columns.add(col("truth" + i));
        }
        double[][] scores = new double[names.size()][photos];
        boolean[][] present = new boolean[names.size()][photos];
        int[] counts = new int[names.size()];
        Iterator<Row> all =
                joined.where(SCORED).select(columns.toArray(Column[]::new)).toLocalIterator();
        all.forEachRemaining(row -> {
            for (int i = 0; i < counts.length; i++) {
                if (!row.isNullAt(2 * i + 1)) {
                    scores[i][counts[i]] = row.isNullAt(2 * i) ? Double.NaN : row.getDouble(2 * i);
                    present[i][counts[i]++] = row.getBoolean(2 * i + 1);
                }
            }
        });
        List<AttributeScore.Predictions> predictions = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                predictions.add(new AttributeScore.Predictions(
                        names.get(i), Arrays.copyOf(scores[i], counts[i]), Arrays.copyOf(present[i], counts[i])));
            }
        }
        return predictions;
    }

    private static Heading heading(String attribute) {
        return new Heading(attribute, List.of(attribute));
    }
}
