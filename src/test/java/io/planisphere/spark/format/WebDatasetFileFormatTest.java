package io.planisphere.spark.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebDatasetFileFormatTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private final Path folder;

    WebDatasetFileFormatTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aShardIsReadWithItsMetadata() throws IOException {
        write(
                "0.tar",
                new Tars()
                        .with("a.jpg", Photos.png(1))
                        .with(
                                "a.json",
                                "{\"caption\":\"é\",\"width\":3,\"score\":1,\"ok\":true,\"status\":\"x\",\"exif\":{\"k\":1}}")
                        .with("a.txt", "a caption")
                        .with("a.npy", new byte[] {(byte) 0x93, 0, (byte) 0xff})
                        .with("b.json", "{\"caption\":null,\"score\":0.5,\"width\":\"wide\"}")
                        .with("b.jpg", Photos.png(2))
                        .with("c.json", "not json")
                        .with("d.jpg", Photos.png(3))
                        .with("d.json", "not json"));

        Dataset<Row> read = load();

        assertThat(read.schema().toDDL())
                .isEqualTo("id STRING,uri STRING,content BINARY,status STRING,detail STRING,caption STRING,exif STRING,"
                        + "ok BOOLEAN,sample_status STRING,score DOUBLE,txt STRING,width STRING");
        String shard = "file:" + folder + "/0.tar";
        assertThat(read.drop("content").collectAsList())
                .extracting(row -> row.mkString("|"))
                .containsExactly(
                        "a|" + shard + "#a.jpg|ok|null|é|{\"k\":1}|true|x|1.0|a caption|3",
                        "b|" + shard + "#b.jpg|ok|null|null|null|null|null|0.5|null|wide",
                        "c|" + shard
                                + "#c|missing|The sample holds no photo, only json|null|null|null|null|null|null|null",
                        "d|" + shard + "#d.jpg|ok|null|null|null|null|null|null|null|null");
        assertThat(read.select("content").collectAsList())
                .extracting(row -> (byte[]) row.get(0))
                .containsExactly(Photos.png(1), Photos.png(2), null, Photos.png(3));
    }

    @Test
    void aTruncatedShardGivesTheSameRowsForAnySelectedColumns() throws IOException {
        byte[] whole = new Tars()
                .with("a.jpg", new byte[700])
                .with("b.jpg", new byte[700])
                .bytes();
        Files.write(folder.resolve("0.tar"), Arrays.copyOf(whole, 2100));

        assertThat(load().select("id", "status").collectAsList())
                .extracting(row -> row.mkString("|"))
                .containsExactly("a|ok", "0.tar|truncated");
        assertThat(load().select("id", "content").count()).isEqualTo(2);
        assertThat(load().count()).isEqualTo(2);
        assertThat(load().filter("status = 'truncated'").select("content").collectAsList())
                .singleElement()
                .satisfies(row -> assertThat(row.isNullAt(0)).isTrue());
    }

    @Test
    void allShardsOfAFolderAreReadAndFoldersBecomeColumns() throws IOException {
        write("split=train/0.tar", new Tars().with("a.jpg", Photos.png(1)));
        write("split=test/1.tar", new Tars().with("b.jpg", Photos.png(2)));

        assertThat(load().select("id", "split", "_metadata.file_name")
                        .sort("id")
                        .collectAsList())
                .extracting(row -> row.mkString("|"))
                .containsExactly("a|train|0.tar", "b|test|1.tar");
    }

    @Test
    void theSchemaCanBeGiven() throws IOException {
        write("0.tar", new Tars().with("a.jpg", Photos.png(1)).with("a.json", "{\"n\":7,\"big\":1e99}"));

        assertThat(SPARK.read()
                        .format("webdataset")
                        .schema("n int, big bigint, nothing string, id string")
                        .load(folder.toString())
                        .collectAsList())
                .extracting(row -> row.mkString("|"))
                .containsExactly("7|null|null|a");
        assertThatThrownBy(() -> SPARK.read()
                        .format("webdataset")
                        .schema("id string, n array<int>")
                        .load(folder.toString())
                        .collectAsList())
                .hasMessageContaining("doesn't support the column `n`");
    }

    @Test
    void theMaximumPhotoSizeIsAnOption() throws IOException {
        write("0.tar", new Tars().with("a.jpg", new byte[1001]));

        Dataset<Row> read =
                SPARK.read().format("webdataset").option("maxImageBytes", 1000).load(folder.toString());

        assertThat(read.select("status").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly("too_large");
    }

    @Test
    void shardsCanBeStreamed() throws Exception {
        write("in/0.tar", new Tars().with("a.jpg", Photos.png(1)));
        StructType schema = SPARK.read()
                .format("webdataset")
                .load(folder.resolve("in").toString())
                .schema();
        stream(schema);
        write("in/1.tar", new Tars().with("b.jpg", Photos.png(2)));
        stream(schema);

        assertThat(SPARK.read()
                        .parquet(folder.resolve("out").toString())
                        .select("id", "content")
                        .sort("id")
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly("a", "b");
    }

    @Test
    void writingIsRejected() {
        assertThatThrownBy(() -> SPARK.range(1)
                        .write()
                        .format("webdataset")
                        .save(folder.resolve("out").toString()))
                .hasStackTraceContaining("The format webdataset can only be read");
    }

    private void stream(StructType schema) throws Exception {
        SPARK.readStream()
                .format("webdataset")
                .schema(schema)
                .load(folder.resolve("in").toString())
                .writeStream()
                .format("parquet")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .option("path", folder.resolve("out").toString())
                .trigger(Trigger.AvailableNow())
                .start()
                .awaitTermination();
    }

    private Dataset<Row> load() {
        return SPARK.read().format("webdataset").load(folder.toString());
    }

    private void write(String path, Tars tar) throws IOException {
        Files.createDirectories(folder.resolve(path).getParent());
        Files.write(folder.resolve(path), tar.bytes());
    }
}
