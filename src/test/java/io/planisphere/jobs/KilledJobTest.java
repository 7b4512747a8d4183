package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.model.TinyFaceModels;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job in a JVM of its own, which dies by SIGKILL, and then by SIGTERM, while a batch is half written. */
class KilledJobTest {
    private static final int TARS = 6;
    private static final int PHOTOS_PER_TAR = 40;
    private static final List<Color> COLOURS = List.of(Color.RED, Color.GREEN, Color.BLUE);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aJobThatIsKilledAndStartedAgainGivesTheRowsOfOneThatWasNot() throws Exception {
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        writeTars(COLOURS);

        killAndFinish(
                List.of("locate", "--model", model.toString()),
                "concat_ws(' ', uri, id, status, cell, cast(confidence as string), cast(radius_km as string))");
    }

    /** Its tasks hold photos back until the batches of the second network are full; what was held is not lost either. */
    @Test
    void facesThatAreKilledAndStartedAgainAreThoseOfAJobThatWasNot() throws Exception {
        Path detector = TinyModels.writeDirectory(folder.resolve("detector"), TinyFaceModels.detector());
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyFaceModels.attributes(1));
        writeTars(List.of(Color.RED, Color.YELLOW, Color.BLUE)); // one face, 400 of them, none

        killAndFinish(
                List.of(
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
                        "--soft-labels"),
                "concat_ws(' ', uri, id, status, to_json(faces))");
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

    /**
     * @param job its name and options
     * @param row what must be the same of each row, as SQL
     */
    private void killAndFinish(List<String> job, String row) throws Exception {
        Path killed = folder.resolve("killed");
        Path undisturbed = folder.resolve("undisturbed");

        Process first = start(job, killed);
        JobProcess.awaitHalfABatch(first, killed.resolve("batch=2"));
        first.destroyForcibly();
        assertThat(first.waitFor()).as("exit code of SIGKILL").isEqualTo(137);
        assertThat(killed.resolve("_run/batches/2.json")).doesNotExist();

        Process second = start(job, killed);
        JobProcess.awaitHalfABatch(second, killed.resolve("batch=4"));
        second.destroy();
        assertThat(second.waitFor()).as("exit code of SIGTERM").isEqualTo(143);
        assertThat(folder.resolve("killed.log")).content().doesNotContain(job.get(0) + " failed");

        JobProcess.finish(start(job, killed));
        JobProcess.finish(start(job, undisturbed));

        List<String> rows = rows(killed, row);
        assertThat(rows).hasSize(TARS * PHOTOS_PER_TAR).doesNotHaveDuplicates();
        assertThat(rows).containsExactlyElementsOf(rows(undisturbed, row));
    }

    private Process start(List<String> job, Path output) throws IOException {
        List<Object> line = new ArrayList<>(job);
        line.addAll(List.of("--output", output, "--input", folder + "/*.tar", "--shards-per-batch", "1"));
        return JobProcess.start(folder.resolve(output.getFileName() + ".log"), line.toArray());
    }

    private static List<String> rows(Path output, String row) {
        return LocalSpark.session()
                .read()
                .parquet(output.toString())
                .selectExpr(row)
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }
}
