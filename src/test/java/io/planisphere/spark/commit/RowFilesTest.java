package io.planisphere.spark.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the files that tasks write with Spark's own reader. */
class RowFilesTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final StructType SCHEMA = StructType.fromDDL("id string, status string, width int, bytes bigint, "
            + "confidence float, latitude double, usable boolean, content binary, embedding array<float>, "
            + "cells array<struct<token: string, probability: float, box: array<double>>>, "
            + "attributes map<string, struct<value: string, score: float>>, soft map<string, binary>");
    private static final Row FULL = RowFactory.create(
            "ä \u0000 \uD83D\uDE00",
            "ok",
            7,
            1L << 40,
            0.1f,
            -0.1,
            true,
            new byte[] {0, -1},
            new float[] {1, Float.NaN, -0f},
            new Row[] {RowFactory.create("47c", 0.5f, List.of(1.0, 2.0)), RowFactory.create(null, null, List.of())},
            Map.of("age", RowFactory.create("20-29", 0.9f)),
            Map.of("age", new byte[] {1}));
    private static final Row EMPTY = RowFactory.create(
            "", "missing", null, null, null, null, null, null, new float[0], new Row[0], Map.of(), null);
    private static final Row NULLS =
            RowFactory.create("n", "missing", null, null, null, null, null, null, null, null, null, null);

    private final Path folder;

    RowFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "zstd", "gzip", "none"})
    void everyTypeIsReadAsIfWrittenBySpark(String codec) throws IOException {
        List<WrittenFile> files = write(codec, List.of(FULL, EMPTY, NULLS), 3, 3, 4);

        assertThat(files).extracting(WrittenFile::batch).containsExactly(3L, 4L);
        assertThat(files)
                .extracting(WrittenFile::status)
                .containsExactly(Map.of("ok", 1L, "missing", 1L), Map.of("missing", 1L));
        Dataset<Row> read = SPARK.read().parquet(folder.toString());
        assertThat(read.drop("batch").schema()).isEqualTo(SCHEMA);
        Dataset<Row> expected = SPARK.createDataFrame(List.of(FULL, EMPTY, NULLS), SCHEMA);
        assertThat(json(read.drop("batch"))).isEqualTo(json(expected));
        assertThat(json(read.where("batch = 4").drop("batch"))).isEqualTo(json(expected.where("id = 'n'")));
    }

    @Test
    void rowsReadBySparkAreWrittenLikeRowsOfTasks() throws IOException {
        write("snappy", List.of(FULL, EMPTY, NULLS), 0, 0, 0);
        Path again = folder.resolveSibling(folder.getFileName() + "-again");
        List<Row> read = SPARK.read().parquet(folder.toString()).drop("batch").collectAsList();

        new RowFilesTest(again).write("snappy", read, 0, 0, 0);

        assertThat(json(SPARK.read().parquet(again.toString())))
                .isEqualTo(json(SPARK.read().parquet(folder.toString())));
    }

    /** A reader of the folder must not find a partial file. */
    @Test
    void aFailedTaskDeletesItsUnfinishedFile() {
        Row unfit = RowFactory.create("x", "ok", "not a number", null, null, null, null, null, null, null, null, null);

        assertThatThrownBy(() -> write("snappy", List.of(FULL, unfit), 0, 0))
                .hasRootCauseInstanceOf(RuntimeException.class);

        assertThat(folder.resolve("batch=0")).isEmptyDirectory();
    }

    @Test
    void theFileNameContainsTheOperation() throws IOException {
        assertThat(RowFiles.operationOf(write("snappy", List.of(FULL), 0).get(0).name()))
                .hasValue(12);
        assertThat(RowFiles.operationOf("part-00000-6c6c-c000.snappy.parquet")).isEmpty();
        assertThat(RowFiles.operationOf("notes.txt")).isEmpty();
    }

    private List<WrittenFile> write(String codec, List<Row> rows, long... batches) throws IOException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(SPARK.sparkContext());
        RowFiles files = new RowFiles(
                folder.toString(),
                12,
                SCHEMA,
                codec,
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())));
        return context.parallelize(rows, 1)
                .mapPartitions(new Write(files, batches))
                .collect();
    }

    private static final class Write implements FlatMapFunction<Iterator<Row>, WrittenFile> {
        private static final long serialVersionUID = 1L;

        private final RowFiles files;
        private final long[] batches;

        Write(RowFiles files, long... batches) {
            this.files = files;
            this.batches = batches.clone();
        }

        @Override
        public Iterator<WrittenFile> call(Iterator<Row> rows) throws IOException {
            try (RowFiles.Writer writer = files.writer()) {
                for (int i = 0; rows.hasNext(); i++) {
                    writer.write(batches[i], rows.next());
                }
                return writer.finish().iterator();
            }
        }
    }

    private static List<String> json(Dataset<Row> rows) {
        return Arrays.stream((String[]) rows.toJSON().collect()).sorted().toList();
    }
}
