package io.planisphere.spark;

import static org.apache.spark.sql.functions.col;

import io.planisphere.source.Globs;
import io.planisphere.source.InputException;
import io.planisphere.spark.place.AlbumKeys;
import io.planisphere.vision.GeolocationModel;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
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
 * The second pass of {@code locate}: photos that one person took one after the other place each other. It reads the written
 * rows, shuffles them by album, and writes all batches anew with the columns {@link #COLUMNS}; null for photos that have no
 * cells or of which the album is not known.
 */
record Albums(Broadcast<GeolocationModel> geolocation, PlaceRule places, AlbumRule albums) implements JobRows.Pass {
    /** What the pass adds to a row. */
    static final StructType COLUMNS = new StructType()
            .add("album_latitude", DataTypes.DoubleType)
            .add("album_longitude", DataTypes.DoubleType)
            .add("album_cell", DataTypes.StringType)
            .add("album_confidence", DataTypes.FloatType);

    /**
     * What the columns were made from.
     *
     * @param batches all that there were
     */
    record State(List<Long> batches, AlbumRule albums) {}

    @Override
    public void over(SparkSession spark, RunDirectory directory) throws IOException {
        Path file = new Path(directory.run(), "albums.json");
        State state = new State(
                directory.accounts().stream().map(BatchAccount::batch).sorted().toList(), albums);
        if (directory.read(file, State.class).filter(state::equals).isPresent()) {
            return;
        }
        Rewrite rewrite = new Rewrite(directory);
        Dataset<Row> rows =
                spark.read().parquet(Globs.literal(directory.output().toString()));
        AlbumKeys keys = keys(spark, directory);
        rows.drop(COLUMNS.fieldNames())
                .join(answers(rows, keys), "uri", "left_outer")
                .select(Arrays.stream(rows.columns()).map(Albums::quoted).toArray(Column[]::new))
                .repartition(state.batches.size(), col("batch"))
                .write()
                .partitionBy("batch")
                .parquet(rewrite.kept().toString());
        long before = rows.count();
        long after =
                spark.read().parquet(Globs.literal(rewrite.kept().toString())).count();
        if (before != after) {
            throw new IllegalStateException("The albums of %s have %d rows for %d; this is a defect, please report it"
                    .formatted(directory.output(), after, before));
        }
        rewrite.commit(rewrite.moves(
                rows.select(col("batch").cast("bigint"))
                        .distinct()
                        .as(Encoders.LONG())
                        .collectAsList(),
                null));
        directory.write(file, state);
    }

    private AlbumKeys keys(SparkSession spark, RunDirectory directory) throws IOException {
        String metadata = albums.metadata();
        String table = metadata == null ? "run:" + directory.output() : metadata;
        try {
            return AlbumKeys.open(
                    spark, table, albums.by(), Optional.ofNullable(albums.time()), Optional.ofNullable(albums.match()));
        } catch (IllegalArgumentException e) {
            throw new InputException("Cannot tell which photos are of one album. " + e.getMessage()
                    + ". See --album-metadata, --album-by and --album-time");
        }
    }

    private Dataset<Row> answers(Dataset<Row> rows, AlbumKeys keys) {
        return keys.of(rows.where("size(cells) > 0"))
                .select("album", "taken", "uri", "cells.token", "cells.probability")
                .groupByKey((MapFunction<Row, String>) row -> row.getString(0), Encoders.STRING())
                .flatMapSortedGroups(
                        new Column[] {col("taken"), col("uri")},
                        new AlbumAnswers(geolocation, places, albums.windowSeconds()),
                        Encoders.row(AlbumAnswers.SCHEMA));
    }

    private static Column quoted(String name) {
        return col("`" + name + "`");
    }
}
