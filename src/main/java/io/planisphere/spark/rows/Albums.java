package io.planisphere.spark.rows;

import static org.apache.spark.sql.functions.col;

import io.planisphere.source.InputException;
import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.Kind;
import io.planisphere.spark.commit.Output;
import io.planisphere.spark.commit.WrittenFile;
import io.planisphere.spark.evaluate.AlbumKeys;
import io.planisphere.vision.GeolocationModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The second pass of {@code locate}: smooths the predictions of photos that one person took in succession. It reads the written
 * rows, shuffles them by album, and rewrites all batches with the columns {@link #COLUMNS}, which are null for photos without
 * cells or without a known album.
 */
record Albums(Broadcast<GeolocationModel> geolocation, PlaceRule places, AlbumRule albums) implements JobRows.Pass {
    /** The columns that the pass adds to a row. */
    static final StructType COLUMNS = new StructType()
            .add("album_latitude", DataTypes.DoubleType)
            .add("album_longitude", DataTypes.DoubleType)
            .add("album_cell", DataTypes.StringType)
            .add("album_confidence", DataTypes.FloatType);

    /** Does nothing if the last change to the output was this pass with the same rule. */
    @Override
    public void over(SparkSession spark, Output output) throws IOException {
        String rule = albums.toString();
        boolean isDone = output.state()
                .lastCommitted()
                .filter(last -> last.kind() == Kind.ALBUMS && last.rule().equals(rule))
                .isPresent();
        if (isDone) {
            return;
        }
        List<Long> batches = output.state().batches().stream()
                .map(batch -> batch.account().batch())
                .toList();
        long operation = output.begin(new Begun(Kind.ALBUMS, batches, 0, 0, rule));
        Dataset<Row> rows = output.rows();
        Dataset<Row> smoothed = rows.drop(COLUMNS.fieldNames())
                .join(predictions(rows, keys(spark, output)), "uri", "left_outer")
                .select(Arrays.stream(rows.columns()).map(Albums::quoted).toArray(Column[]::new));
        List<WrittenFile> files = output.write(operation, smoothed);
        long before = output.state().batches().stream()
                .mapToLong(batch -> batch.account().rows())
                .sum();
        long after = files.stream().mapToLong(WrittenFile::rows).sum();
        if (before != after) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "The albums of %s have %d rows for %d; this is a defect, please report it",
                    output.name(),
                    after,
                    before));
        }
        output.replace(operation, batches, files, Map.of());
    }

    private AlbumKeys keys(SparkSession spark, Output output) throws IOException {
        String metadata = albums.metadata();
        String table = metadata == null ? "run:" + output.name() : metadata;
        try {
            return AlbumKeys.open(
                    spark, table, albums.by(), Optional.ofNullable(albums.time()), Optional.ofNullable(albums.match()));
        } catch (IllegalArgumentException e) {
            throw new InputException("Cannot tell which photos are of one album. " + e.getMessage()
                    + ". See --album-metadata, --album-by and --album-time");
        }
    }

    private Dataset<Row> predictions(Dataset<Row> rows, AlbumKeys keys) {
        return keys.of(rows.where("size(cells) > 0"))
                .select("album", "taken", "uri", "cells.token", "cells.probability")
                .groupByKey((MapFunction<Row, String>) row -> row.getString(0), Encoders.STRING())
                .flatMapSortedGroups(
                        new Column[] {col("taken"), col("uri")},
                        new AlbumPredictions(geolocation, places, albums.windowSeconds()),
                        Encoders.row(AlbumPredictions.SCHEMA));
    }

    private static Column quoted(String name) {
        return col("`" + name + "`");
    }
}
