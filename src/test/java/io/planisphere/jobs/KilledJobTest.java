package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyFaceModels;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.commit.CommitLogs;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the job in its own JVM, which is killed by SIGKILL, and then by SIGTERM, while a batch is half written. The package
 * {@code crash} tests all other moments, with a job that does not buffer photos.
 */
class KilledJobTest {
    private static final SparkSession SPARK = LocalSpark.session().newSession();

    private static final int TARS = 6;
    private static final int PHOTOS_PER_TAR = 24;

    @TempDir
    private Path folder = Path.of("");

    @AfterAll
    static void stop() {
        SparkSession.clearActiveSession();
        Session.closeShared();
    }

    /**
     * Tasks of faces buffer photos until the batches of the second network are full; buffered photos must not be lost either.
     */
    @Test
    void aRestartedFacesJobGivesTheRowsOfAnUninterruptedOne() throws Exception {
        Path detector = TinyModels.writeDirectory(folder.resolve("detector"), TinyFaceModels.detector());
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyFaceModels.attributes(1));
        writeTars(List.of(Color.RED, Color.YELLOW, Color.BLUE)); // one face, 400 faces, none
        List<String> job = List.of(
                "faces",
                "--detector",
                detector.toString(),
                "--model",
                model.toString(),
                "--min-face",
                "0",
                "--attributes",
                "colour",
                "--embedding",
                "--soft-labels",
                "--input",
                folder + "/*.tar",
                "--shards-per-batch",
                "1");
        Path killed = folder.resolve("killed");
        Path undisturbed = folder.resolve("undisturbed");

        Process first = start(job, killed);
        JobProcess.awaitHalfABatch(first, killed.resolve("batch=2"));
        first.destroyForcibly();
        assertThat(first.waitFor()).as("exit code of SIGKILL").isEqualTo(137);
        assertThat(CommitLogs.isCommitted(killed, 2)).isFalse();

        Process second = start(job, killed);
        JobProcess.awaitHalfABatch(second, killed.resolve("batch=4"));
        second.destroy();
        assertThat(second.waitFor()).as("exit code of SIGTERM").isEqualTo(143);
        assertThat(folder.resolve("killed.log")).content().doesNotContain("faces failed");
        assertThat(CommitLogs.isCommitted(killed, 4)).isFalse();

        // the second process has decoded the first one's batches in isolation; once is enough
        SPARK.conf().set("spark.planisphere.isolateInterruptedBatches", false);
        SparkSession.setActiveSession(SPARK);
        assertThat(Main.run(line(job, killed))).isZero();
        assertThat(Main.run(line(job, undisturbed))).isZero();

        List<String> rows = rows(killed);
        assertThat(rows).hasSize(TARS * PHOTOS_PER_TAR).doesNotHaveDuplicates();
        assertThat(rows).containsExactlyElementsOf(rows(undisturbed));
    }

    private void writeTars(List<Color> colours) throws IOException {
        for (int i = 0; i < TARS; i++) {
            Tars tar = new Tars();
            for (int photo = 0; photo < PHOTOS_PER_TAR; photo++) {
                tar.with(i + "-" + photo + ".png", Photos.png(colours.get(photo % 3), 12, 9));
            }
            Files.write(folder.resolve("shard" + i + ".tar"), tar.bytes());
        }
    }

    private Process start(List<String> job, Path output) throws IOException {
        return JobProcess.start(folder.resolve(output.getFileName() + ".log"), (Object[]) line(job, output));
    }

    private static String[] line(List<String> job, Path output) {
        return Stream.concat(job.stream(), Stream.of("--output", output.toString()))
                .toArray(String[]::new);
    }

    private static List<String> rows(Path output) {
        return SPARK
                .read()
                .parquet(output.toString())
                .selectExpr("concat_ws(' ', uri, id, status, to_json(faces))")
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }
}
