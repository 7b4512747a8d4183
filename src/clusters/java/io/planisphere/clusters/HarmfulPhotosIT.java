package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.clusters.JobProcess.CommandLine;
import io.planisphere.image.HarmfulDecoder;
import io.planisphere.source.Tars;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests a photo that kills the process that decodes it by a signal, as a fault in a native decoder would: the decoder of these
 * tests is told to do so. The other rows must be those of a run with a normal decoder.
 */
class HarmfulPhotosIT {
    private static final int TARS = 4;
    private static final int PHOTOS_PER_TAR = 20;
    private static final String HARMFUL = "1-007";

    private Path folder = Path.of("");
    private String input = "";
    private String output = "";
    private String classPath = "";

    @BeforeEach
    void write(@TempDir Path temporary) throws Exception {
        folder = temporary;
        input = folder + "/shards/*.tar";
        output = folder + "/rows";
        classPath = HarmfulDecoder.in(folder.resolve("harmful")) + ":"
                + Path.of("target/planisphere.jar").toAbsolutePath();
        List<byte[]> photos = ShardFiles.photos(5, 300, 200);
        Files.createDirectories(folder.resolve("shards"));
        for (int tar = 0; tar < TARS; tar++) {
            Tars shard = new Tars();
            for (int i = 0; i < PHOTOS_PER_TAR; i++) {
                String id = String.format(Locale.ROOT, "%d-%03d", tar, i);
                byte[] photo = photos.get(i % photos.size());
                shard.with(id + ".jpg", id.equals(HARMFUL) ? HarmfulDecoder.photo(photo, HarmfulDecoder.ABORT) : photo);
            }
            Files.write(folder.resolve("shards/shard-" + tar + ".tar"), shard.bytes());
        }
    }

    @Test
    void aPhotoThatCrashesItsExecutorIsFoundOnTheThirdAttempt() throws Exception {
        EventLog events = new EventLog(folder.resolve("events"));
        try (StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"), 2)) {
            CommandLine.locate(input, output)
                    .on(cluster.options())
                    .on("--conf", "spark.executor.extraClassPath=" + classPath)
                    .on(EventLog.options(events.folder()))
                    .run(folder.resolve("job.log"));
        }

        assertThat(events.executors()).as("those that died were replaced").hasSizeGreaterThan(2);
        assertRows();
    }

    @Tag("long")
    @Test
    void aPhotoThatCrashesTheDriverIsFoundInTheNextRun() throws Exception {
        CommandLine line =
                CommandLine.locate(input, output).on("--master", "local[2]").on("--driver-class-path", classPath);
        try (JobProcess job = line.start(folder.resolve("job.log"))) {
            assertThat(job.await()).as(job.output()).isEqualTo(128 + 6);
        }

        line.run(folder.resolve("again.log"));

        assertRows();
    }

    private void assertRows() throws Exception {
        String sound = folder + "/sound";
        CommandLine.locate(input, sound).on("--master", "local[2]").run(folder.resolve("sound.log"));

        List<String> rows = Rows.of(output);
        assertThat(rows).hasSize(TARS * PHOTOS_PER_TAR).doesNotHaveDuplicates();
        assertThat(rows.stream().filter(HarmfulPhotosIT::isHarmful))
                .hasSize(1)
                .allMatch(row -> row.contains("\"status\":\"undecodable\"")
                        && row.contains("Decoding it ends the process with signal 6"));
        assertThat(rows.stream().filter(row -> !isHarmful(row)))
                .containsExactlyElementsOf(
                        Rows.of(sound).stream().filter(row -> !isHarmful(row)).toList());
    }

    private static boolean isHarmful(String row) {
        return row.contains("\"id\":\"" + HARMFUL + "\"");
    }
}
