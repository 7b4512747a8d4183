package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs on a Spark whose listener queue is full. Before Spark 4.2, the counters of a write pass through that queue, so they are
 * lost.
 */
class LostEventsTest {
    @Test
    void countsAreReadFromTheFilesIfEventsAreLost(@TempDir Path folder) throws Exception {
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        byte[] red = Photos.png(Color.RED, 12, 9);
        Files.write(
                folder.resolve("a.tar"),
                new Tars()
                        .with("1.png", red)
                        .with("2.png", red)
                        .with("3.mp4", red)
                        .with("4.png", new byte[0])
                        .bytes());
        Path log = folder.resolve("log");

        JobProcess.finish(JobProcess.start(
                log,
                List.of(
                        "-Dspark.extraListeners=" + StuckListener.class.getName(),
                        "-Dspark.scheduler.listenerbus.eventqueue.shared.capacity=1"),
                "locate",
                "--model",
                model,
                "--input",
                folder.resolve("a.tar"),
                "--output",
                folder.resolve("rows")));

        assertThat(log).content().contains("Dropping event from queue shared");
        assertThat(log).content().contains("3 photos, 3 rows: 1 empty 2 ok", "1 videos were skipped");
        assertThat(LocalSpark.session()
                        .read()
                        .parquet(folder.resolve("rows").toString())
                        .count())
                .isEqualTo(3);
    }
}
