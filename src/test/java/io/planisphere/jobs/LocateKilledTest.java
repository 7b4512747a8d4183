package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job in a JVM of its own, which dies by SIGKILL while a batch is half written. */
class LocateKilledTest {
    private static final int TARS = 6;
    private static final int PHOTOS_PER_TAR = 40;
    private static final List<Color> COLOURS = List.of(Color.RED, Color.GREEN, Color.BLUE);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aJobThatIsKilledAndStartedAgainGivesTheRowsOfOneThatWasNot() throws Exception {
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        for (int i = 0; i < TARS; i++) {
            Tars tar = new Tars();
            for (int photo = 0; photo < PHOTOS_PER_TAR; photo++) {
                tar.with(i + "-" + photo + ".png", Photos.png(COLOURS.get(photo % 3), 12, 9));
            }
            Files.write(folder.resolve("shard" + i + ".tar"), tar.bytes());
        }
        Path killed = folder.resolve("killed");
        Path undisturbed = folder.resolve("undisturbed");

        Process first = start(model, killed);
        JobProcess.awaitHalfABatch(first, killed.resolve("batch=2"));
        first.destroyForcibly();
        assertThat(first.waitFor()).as("exit code of SIGKILL").isEqualTo(137);
        assertThat(killed.resolve("_run/batches/2.json")).doesNotExist();

        JobProcess.finish(start(model, killed));
        JobProcess.finish(start(model, undisturbed));

        List<String> rows = rows(killed);
        assertThat(rows).hasSize(TARS * PHOTOS_PER_TAR).doesNotHaveDuplicates();
        assertThat(rows).containsExactlyElementsOf(rows(undisturbed));
    }

    private Process start(Path model, Path output) throws IOException {
        return JobProcess.start(
                folder.resolve(output.getFileName() + ".log"),
                "locate",
                "--model",
                model,
                "--output",
                output,
                "--input",
                folder + "/*.tar",
                "--shards-per-batch",
                "1");
    }

    private static List<String> rows(Path output) {
        return LocalSpark.session()
                .read()
                .parquet(output.toString())
                .selectExpr(
                        "concat_ws(' ', uri, id, status, cell, cast(confidence as string), cast(radius_km as string))")
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }
}
