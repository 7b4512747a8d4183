package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.trim;

import io.planisphere.spark.evaluate.PlaceTable.Heading;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The ground-truth objects of photos, with their boxes.
 *
 * @param rows {@code key string, real array<struct<label string, xmin double, ymin double, xmax double, ymax double>>}, pixels;
 *     the array is empty for a photo without objects
 * @param match kind of the key
 */
public record ObjectTruth(Dataset<Row> rows, PhotoKey match) {
    private static final List<String> BOX = List.of("xmin", "ymin", "xmax", "ymax");

    /**
     * Opens the objects. The table has a line per object, and a line without a label for a photo without objects.
     *
     * @param table a table that {@link PlaceTable} reads, with the columns xmin, ymin, xmax and ymax
     * @param label heading of the column with the labels
     * @param photo heading of the column that identifies photos
     * @param match how photos are identified; by default inferred from the column's heading
     * @throws IllegalArgumentException if it cannot be read, lacks a column, or an object has an invalid box
     */
    public static ObjectTruth open(
            SparkSession spark, String table, String label, Optional<String> photo, Optional<PhotoKey> match)
            throws IOException {
        PlaceTable objects = PlaceTable.open(spark, table);
        PhotoNaming naming = PhotoNaming.of(objects, photo, Optional.empty(), match);
        List<Column> columns = new ArrayList<>(List.of(
                naming.key(),
                nullif(trim(objects.text(new Heading("label", List.of(label)))), lit(""))
                        .as("label")));
        for (String edge : BOX) {
            Heading heading = new Heading(edge, List.of(edge));
            if (!objects.has(heading)) {
                throw new IllegalArgumentException(
                        "Cannot find boxes in %s: it has no column %s; it needs %s, in pixels"
                                .formatted(table, edge, String.join(", ", BOX)));
            }
            columns.add(objects.number(heading));
        }
        Dataset<Row> lines = objects.select(columns.toArray(Column[]::new));
        List<Row> impossible = lines.where("label is not null and not coalesce(xmin <= xmax and ymin <= ymax, false)")
                .takeAsList(1);
        if (!impossible.isEmpty()) {
            throw new IllegalArgumentException(
                    "The %s of photo %s in %s has no possible box: xmin, ymin, xmax, ymax are %s, %s, %s, %s"
                            .formatted(
                                    impossible.get(0).get(1),
                                    impossible.get(0).get(0),
                                    table,
                                    impossible.get(0).get(2),
                                    impossible.get(0).get(3),
                                    impossible.get(0).get(4),
                                    impossible.get(0).get(5)));
        }
        return new ObjectTruth(
                lines.where("key is not null")
                        .groupBy("key")
                        .agg(
                                expr(
                                        "collect_list(case when label is not null then struct(label, xmin, ymin, xmax, ymax) end) as real")),
                naming.match());
    }
}
