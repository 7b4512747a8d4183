package io.planisphere.spark.evaluate;

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
 * The true labels of photos.
 *
 * @param rows {@code key string, label string, user string} and, as text, the requested further columns that exist; null if
 *     unknown
 * @param match kind of the key
 */
public record LabelTruth(Dataset<Row> rows, PhotoKey match) {
    private static final List<String> COLUMNS = List.of("key", "label", "user");

    /**
     * Opens the labels; reads only headers.
     *
     * @param table a table that {@link PlaceTable} reads
     * @param label heading of the column with the labels
     * @param photo heading of the column that identifies photos
     * @param user heading of the users' column
     * @param match how photos are identified; by default inferred from the column's heading
     * @param further columns to keep under these names, if the table has them
     * @throws IllegalArgumentException if it cannot be read, has no such column or does not identify photos
     */
    public static LabelTruth open(
            SparkSession spark,
            String table,
            String label,
            Optional<String> photo,
            Optional<String> user,
            Optional<PhotoKey> match,
            List<String> further)
            throws IOException {
        PlaceTable labels = PlaceTable.open(spark, table);
        PhotoNaming naming = PhotoNaming.of(labels, photo, user, match);
        List<Column> kept = new ArrayList<>(List.of(
                naming.key(),
                nullif(trim(labels.text(new Heading("label", List.of(label)))), lit(""))
                        .as("label"),
                naming.user()));
        further.stream()
                .filter(name -> !COLUMNS.contains(name))
                .map(name -> new Heading(name, List.of(name)))
                .filter(labels::has)
                .forEach(heading -> kept.add(labels.text(heading)));
        return new LabelTruth(labels.select(kept.toArray(Column[]::new)), naming.match());
    }
}
