package io.planisphere.spark.place;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The rows of a locate run, as far as they are scored. */
final class PredictedRows {
    private static final List<String> REQUIRED = List.of("id", "uri", "status", "latitude", "longitude");

    private final Dataset<Row> rows;

    private PredictedRows(Dataset<Row> rows) {
        this.rows = rows;
    }

    /** @throws IllegalArgumentException if the rows are none of locate */
    static PredictedRows open(SparkSession spark, String predictions) throws IOException {
        Path path = new Path(predictions);
        if (!path.getFileSystem(spark.sessionState().newHadoopConf()).exists(path)) {
            throw new IllegalArgumentException("Cannot read predictions from " + predictions + ": there is nothing");
        }
        Dataset<Row> rows = spark.read().parquet(predictions);
        List<String> columns = List.of(rows.columns());
        if (!columns.containsAll(REQUIRED)) {
            throw new IllegalArgumentException(
                    "Cannot score %s: its columns are %s, but rows of locate have %s; give the --output of a locate run"
                            .formatted(predictions, String.join(", ", columns), String.join(", ", REQUIRED)));
        }
        return new PredictedRows(rows);
    }

    boolean has(String column) {
        return Arrays.stream(rows.columns()).anyMatch(column::equalsIgnoreCase);
    }

    /**
     * {@code key, ok boolean, latitude, longitude}, null where the row has none, and more columns.
     *
     * @throws IllegalArgumentException if two rows have the same key
     */
    Dataset<Row> by(PhotoKey match, List<Column> more) {
        Dataset<Row> keyed = rows.select(Stream.concat(
                        Stream.of(
                                match.ofPrediction().as("key"),
                                col("status").equalTo("ok").as("ok"),
                                col("latitude"),
                                col("longitude")),
                        more.stream())
                .toArray(Column[]::new));
        refuseRepeated(keyed, "predictions", match);
        return keyed;
    }

    /** The column, or null where runs of this kind have none. */
    Column orNull(String column, String type) {
        return (has(column) ? col(column) : lit(null)).cast(type).as(column);
    }

    static void refuseRepeated(Dataset<Row> rows, String side, PhotoKey key) {
        Dataset<Row> repeated =
                rows.where("key is not null").groupBy("key").count().where("count > 1");
        List<Row> some = repeated.orderBy("key").takeAsList(3);
        if (!some.isEmpty()) {
            throw new IllegalArgumentException(
                    "The %s name a photo more than once by %s: %s; make the names unique, or match by another one of %s"
                            .formatted(
                                    side,
                                    key.name().toLowerCase(Locale.ROOT),
                                    some.stream()
                                            .map(row -> row.getString(0) + " (" + row.getLong(1) + " times)")
                                            .collect(Collectors.joining(", ")),
                                    Arrays.stream(PhotoKey.values())
                                            .map(other -> other.name().toLowerCase(Locale.ROOT))
                                            .collect(Collectors.joining(", "))));
        }
    }

    /** A heading as a column's name; it may hold dots. */
    static String quoted(String heading) {
        return "`" + heading.replace("`", "``") + "`";
    }
}
