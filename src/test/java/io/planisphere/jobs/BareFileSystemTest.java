package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.file.BareFileSystem;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs a whole job on a file system that has only a Hadoop {@code FileSystem} and no {@code AbstractFileSystem}, as
 * {@code dbfs:} and others do.
 */
class BareFileSystemTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private String stdout = "";

    @AfterAll
    static void stop() {
        Configuration hadoop = SPARK.sparkContext().hadoopConfiguration();
        hadoop.unset("fs.bare.impl");
        Session.closeShared();
    }

    @Test
    void aRunResumesRetriesAndIsReported(@TempDir Path folder) throws IOException {
        BareFileSystem.addTo(SPARK.sparkContext().hadoopConfiguration());
        TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.write(photos.resolve("red.png"), Photos.png(Color.RED, 12, 9));
        Files.createFile(photos.resolve("later.png"));
        String there = "bare:" + folder;
        String[] locate = {
            "locate", "--model", there + "/model", "--input", there + "/photos", "--output", there + "/rows"
        };

        assertThat(run(locate)).as(stdout).isZero();
        assertThat(stdout).contains("2 photos labelled", "2 photos, 2 rows: 1 empty 1 ok");

        // as if the run was killed between the two steps of a write: the record exists only under its temporary name
        Path record = folder.resolve("rows/_run/run.json");
        Files.move(record, record.resolveSibling("_run.json.part"));
        Files.write(photos.resolve("later.png"), Photos.png(Color.BLUE, 12, 9));
        Files.write(photos.resolve("new.png"), Photos.png(Color.GREEN, 12, 9));
        assertThat(run(locate)).as(stdout).isZero();
        assertThat(stdout).contains("1 photos labelled", "3 photos, 3 rows: 1 empty 2 ok");
        assertThat(run(locate, "--retry", "empty")).as(stdout).isZero();
        assertThat(stdout).contains("1 photos labelled", "3 photos, 3 rows: 3 ok");

        assertThat(record).exists();
        assertThat(SPARK.read()
                        .parquet(there + "/rows")
                        .select("uri")
                        .as(Encoders.STRING())
                        .collectAsList())
                .containsExactlyInAnyOrderElementsOf(Stream.of("red", "later", "new")
                        .map(name -> there + "/photos/" + name + ".png")
                        .toList());
        assertThat(run("report", "--run", there + "/rows", "--output", there + "/page.html"))
                .as(stdout)
                .isZero();
    }

    private int run(String[] line, String... more) {
        return run(Stream.concat(Stream.of(line), Stream.of(more)).toArray(String[]::new));
    }

    private int run(String... line) {
        JobRun run = JobRun.of((Object[]) line);
        stdout = run.out();
        return run.exit();
    }
}
