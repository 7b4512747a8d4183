package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The rows of a locate run, for scoring. */
final class PredictedRows {
    private static final RowShape ROWS = RowShape.of("locate", "latitude double, longitude double")
            .with(
                    "cell string, confidence float, radius_km float, radius90_km float, gallery_similarity float, album_latitude double, album_longitude double,"
                            + " album_cell string, album_confidence float");

    /** Prefix of a run's output: scores the predictions from albums instead of those of single photos. */
    private static final String ALBUMS = "albums:";

    private static final List<String> PREDICTION = List.of("latitude", "longitude", "cell", "confidence");

    private final Dataset<Row> rows;

    private PredictedRows(Dataset<Row> rows) {
        this.rows = rows;
    }

    /**
     * @param given output of a run, prefixed with {@code albums:} for the predictions from its albums
     * @throws IllegalArgumentException if the rows are not those of locate, or have no albums
     */
    static PredictedRows open(SparkSession spark, String given) throws IOException {
        boolean albums = given.startsWith(ALBUMS);
        String predictions = albums ? given.substring(ALBUMS.length()) : given;
        Dataset<Row> rows = RunRows.open(spark, predictions, ROWS);
        return new PredictedRows(albums ? albums(rows, predictions) : rows);
    }

    private static Dataset<Row> albums(Dataset<Row> rows, String predictions) {
        Dataset<Row> ofAlbums =
                rows.drop("radius_km", "radius90_km"); // the radii belong to the single photo's prediction
        for (String column : PREDICTION) {
            String album = "album_" + column;
            if (!List.of(rows.columns()).contains(album)) {
                throw new IllegalArgumentException("Cannot score the albums of " + predictions + ": it has no " + album
                        + "; run locate with --album-window");
            }
            ofAlbums = ofAlbums.withColumn(column, col(album));
        }
        return ofAlbums;
    }

    boolean has(String column) {
        return Arrays.stream(rows.columns()).anyMatch(column::equalsIgnoreCase);
    }

    /**
     * Returns {@code key, ok boolean, latitude, longitude}, null if the row has none, and more columns.
     *
     * @throws IllegalArgumentException if two rows have the same key
     */
    Dataset<Row> by(PhotoKey match, List<Column> more) {
        Dataset<Row> keyed = rows.select(Stream.concat(
                        Stream.of(
                                match.ofPrediction().as("key"),
                                col("status").equalTo("ok").as("ok"),
                                col("latitude").cast("double").as("latitude"),
                                col("longitude").cast("double").as("longitude")),
                        more.stream())
                .toArray(Column[]::new));
        match.refuseRepeated(keyed, "predictions");
        return keyed;
    }

    /** Returns the column, or null if the run does not have it. */
    Column orNull(String column, String type) {
        return (has(column) ? col(column) : lit(null)).cast(type).as(column);
    }

    /** Returns a heading, which may contain dots, quoted as a column name. */
    static String quoted(String heading) {
        return "`" + heading.replace("`", "``") + "`";
    }
}
