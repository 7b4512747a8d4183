package io.planisphere.spark.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YfccFileFormatTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String PHOTO =
            "\t%d\t4e2f7a26a1dfbf165a7e30bdabf7e72a\tu@N00\tn+n\t2012-02-16 09:56:37.0\t1331840483\t\tt\t\ta%%2Cb,c\t\t"
                    + "-81.804885\t24.550558\t12\tp\td\tl\tlu\t7205\t8\ts\to\tjpg\t0\n";

    private final Path folder;

    YfccFileFormatTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void columnsAreTyped() throws IOException {
        Files.writeString(folder.resolve("f"), "0" + String.format(Locale.ROOT, PHOTO, 1) + "torn line\n");

        assertThat(load("f").schema().toDDL())
                .startsWith("photo_id STRING,hash STRING,user_id STRING,nickname STRING,date_taken TIMESTAMP_NTZ,"
                        + "date_uploaded TIMESTAMP,")
                .contains(
                        "user_tags ARRAY<STRING>",
                        "longitude DOUBLE,latitude DOUBLE,impossible_place BOOLEAN,accuracy INT");
        assertThat(load("f")
                        .selectExpr(
                                "photo_id",
                                "nickname",
                                "cast(date_taken as string)",
                                "unix_seconds(date_uploaded)",
                                "user_tags",
                                "size(machine_tags)",
                                "latitude",
                                "longitude",
                                "accuracy",
                                "marker",
                                "object_key",
                                "malformed")
                        .collectAsList())
                .extracting(row -> row.mkString("|"))
                .containsExactly(
                        "1|n n|2012-02-16 09:56:37|1331840483|ArraySeq(a,b, c)|0|24.550558|-81.804885|12|0|"
                                + "4e2/f7a/4e2f7a26a1dfbf165a7e30bdabf7e72a.jpg|null",
                        "null|null|null|null|null|null|null|null|null|null|null|"
                                + "The line has 1 columns, 23 or 25 expected: torn line");
    }

    @Test
    void aLargeBzip2FileIsReadInPartsWithoutLosingLines() throws IOException {
        int lines = 20_000;
        try (OutputStream out = new BZip2CompressorOutputStream(Files.newOutputStream(folder.resolve("f.bz2")), 1)) {
            for (int i = 0; i < lines; i++) {
                out.write((i + String.format(Locale.ROOT, PHOTO, i)).getBytes(StandardCharsets.UTF_8));
            }
        }
        SPARK.conf().set("spark.sql.files.maxPartitionBytes", 20_000);
        try {
            assertThat(load("f.bz2").javaRDD().getNumPartitions()).isGreaterThan(2);
            assertThat(load("f.bz2").select("photo_id").distinct().count()).isEqualTo(lines);
            assertThat(load("f.bz2").filter("malformed is not null").count()).isZero();
            assertThat(load("f.bz2").count()).isEqualTo(lines);
        } finally {
            SPARK.conf().unset("spark.sql.files.maxPartitionBytes");
        }
    }

    @Test
    void gzipFilesAreRead() throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("f.gz")))) {
            out.write(("0" + String.format(Locale.ROOT, PHOTO, 1)).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(load("f.gz").select("photo_id").collectAsList())
                .singleElement()
                .extracting(row -> row.getString(0))
                .isEqualTo("1");
    }

    @Test
    void linesCanBeStreamed() throws Exception {
        Files.createDirectories(folder.resolve("in"));
        Files.writeString(folder.resolve("in/f"), "0" + String.format(Locale.ROOT, PHOTO, 1));
        SPARK.readStream()
                .format("yfcc100m")
                .schema(load("in").schema())
                .load(folder.resolve("in").toString())
                .writeStream()
                .format("parquet")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .option("path", folder.resolve("out").toString())
                .trigger(Trigger.AvailableNow())
                .start()
                .awaitTermination();

        assertThat(SPARK.read().parquet(folder.resolve("out").toString()).count())
                .isEqualTo(1);
    }

    private Dataset<Row> load(String file) {
        return SPARK.read().format("yfcc100m").load(folder.resolve(file).toString());
    }
}
