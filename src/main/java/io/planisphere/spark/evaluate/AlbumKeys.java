package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

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
 * The album key and the time of photos.
 *
 * @param rows {@code key string, album string, taken bigint}: a value shared by photos that may form an album, and seconds of the
 *     camera's clock. Keys are unique; photos without one of the values are left out
 * @param match kind of the key
 */
public record AlbumKeys(Dataset<Row> rows, PhotoKey match) {
    private static final List<String> TIMES =
            List.of("taken", "date_taken", "datetaken", "taken_at", "datetime", "timestamp", "time");

    /**
     * Opens the table; reads only its header.
     *
     * @param table a table that {@link PlaceTable} supports
     * @param by columns whose values photos of one album share
     * @param time column with the time, a timestamp or seconds since 1970; by default the first of the default columns
     * @param match how the table identifies photos
     * @throws IllegalArgumentException if it cannot be read or has no such columns
     */
    public static AlbumKeys open(
            SparkSession spark, String table, List<String> by, Optional<String> time, Optional<PhotoKey> match)
            throws IOException {
        PlaceTable rows = PlaceTable.open(spark, table);
        PhotoNaming naming = PhotoNaming.of(rows, Optional.empty(), Optional.empty(), match);
        List<Column> columns = new ArrayList<>();
        columns.add(naming.key());
        columns.add(
                rows.text(new Heading("time", time.map(List::of).orElse(TIMES))).as("time"));
        List<Column> shared = new ArrayList<>();
        for (String name : by) {
            String position = "by" + shared.size();
            Heading heading = name.equals("user") ? Heading.user(Optional.empty()) : new Heading(name, List.of(name));
            // photos with a blank user do not all belong to one user
            columns.add(nullif(trim(rows.text(heading)), lit("")).as(position));
            shared.add(col(position));
        }
        Column all = shared.stream().map(Column::isNotNull).reduce(Column::and).orElseThrow();
        Column album = when(all, to_json(array(shared.toArray(Column[]::new))));
        Column seconds = coalesce(
                expr("timestampdiff(SECOND, TIMESTAMP_NTZ'1970-01-01', try_cast(time AS TIMESTAMP_NTZ))"),
                expr("try_cast(time AS BIGINT)"));
        return new AlbumKeys(
                rows.select(columns.toArray(Column[]::new))
                        .select(col("key"), album.as("album"), seconds.as("taken"))
                        .where("key is not null and album is not null and taken is not null")
                        .dropDuplicates("key"), // a second line for a photo must not make a second row
                naming.match());
    }

    /** Returns the rows of {@code locate} with a known album, with the columns {@code album} and {@code taken} added. */
    public Dataset<Row> of(Dataset<Row> predictions) {
        return predictions.withColumn("key", match.ofPrediction()).join(rows, "key");
    }
}
