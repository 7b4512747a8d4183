package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.Main;
import io.planisphere.infer.Session;
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
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the whole benchmark, so briefly that its figures are meaningless; checks that they exist and are consistent. */
class BenchmarkTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final ObjectMapper JSON = new ObjectMapper();

    private Path folder;
    private Path model;
    private Path photos;

    @BeforeEach
    void writePhotos(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.classify("red", "green", "blue"));
        photos = Files.createDirectory(folder.resolve("photos"));
        Files.write(photos.resolve("a.png"), Photos.png(Color.RED, 40, 30));
        Files.write(photos.resolve("b.png"), Photos.png(Color.BLUE, 30, 40));
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void theFolderIsRepeatedUntilATurnIsLongEnough() throws IOException {
        JsonNode figures = measured(photos.toString(), "--seconds", "0.05", "--cores", "2");

        assertThat(figures.get("photos").asInt()).isEqualTo(2);
        assertThat(figures.get("photos_per_turn").asLong()).isGreaterThan(8);
        assertThat(figures.get("cores").asInt()).isEqualTo(2);
        assertThat(figures.get("stage_core_ms").properties().stream().map(stage -> stage.getKey()))
                .containsExactly("read", "sniff", "decode", "resize", "infer");
        assertThat(figures.get("repetitions")).hasSize(2);
        JsonNode one = figures.get("repetitions").get(0);
        double ratio = one.get("job_photos_per_second").asDouble()
                / one.get("threads_photos_per_second").asDouble();
        assertThat(ratio)
                .isBetween(
                        figures.get("ratio").get("low").asDouble() * 0.999,
                        figures.get("ratio").get("high").asDouble() * 1.001);
        double perCore =
                figures.get("job_photos_per_second_and_core").get("median").asDouble();
        assertThat(figures.get("core_hours_per_100_million").asDouble())
                .isCloseTo(100e6 / perCore / 3600, withinPercentage(0.1));
        assertThat(folder.resolve("work")).isEmptyDirectory();
    }

    @Test
    void shardsAreNotRepeated() throws IOException {
        Path tar = Files.write(
                folder.resolve("a.tar"),
                new Tars()
                        .with("g.png", Photos.png(Color.GREEN, 12, 9))
                        .with("page.jpg", "<html>")
                        .with("dot.png", Photos.png(Color.BLUE, 1, 1))
                        .bytes());

        JsonNode figures = measured(tar.toString());

        assertThat(figures.get("photos_per_turn").asLong()).isEqualTo(3);
        assertThat(figures.get("photos").asInt()).isEqualTo(3);
    }

    @Test
    void coldTurnsRunInNewProcesses() throws IOException {
        System.setProperty("spark.ui.enabled", "false"); // in the new processes
        JsonNode figures;
        try {
            figures = measured(1, photos.toString(), "--seconds", "0.05", "--cores", "2", "--cold");
        } finally {
            System.clearProperty("spark.ui.enabled");
        }

        assertThat(figures.get("cold").asBoolean()).isTrue();
        JsonNode one = figures.get("repetitions").get(0);
        long perTurn = figures.get("photos_per_turn").asLong();
        assertThat(one.get("photos").asLong()).isEqualTo(perTurn);
        // a process that starts Spark takes longer than a second, and the threads' time contains no start of Spark
        double job = perTurn / one.get("job_photos_per_second").asDouble();
        assertThat(job).isGreaterThan(1);
        assertThat(one.get("start_seconds").asDouble()).isGreaterThan(1);
        assertThat(perTurn / one.get("threads_photos_per_second").asDouble()).isLessThan(job);
        assertThat(folder.resolve("work")).isEmptyDirectory();
    }

    @Test
    void inputsThatCannotBeMeasuredAreRejected() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));

        assertThat(refusal("--images", photos.toString(), "--model", "builtin:face-attributes"))
                .contains("looks at faces; benchmark measures packages for whole photos");
        assertThat(refusal("--images", empty.toString(), "--model", model.toString()))
                .contains("holds neither shards, photos, folders nor a manifest; check the path");
        assertThat(refusal("--images", photos.toString(), "--seconds", "0", "--memory", "much", "--reducing-gap", "8"))
                .contains("--seconds must be above 0 and at most 3600, got 0.0")
                .contains("--memory must be a number of bytes such as 256M or 1G, got 'much'")
                .contains("--reducing-gap must be from 1 to 4, got 8.0");
        Path manifest = Files.writeString(folder.resolve("photos.csv"), "uri\n" + photos.resolve("a.png") + "\n");
        assertThat(refusal("--images", manifest.toString(), "--model", model.toString()))
                .contains("is neither a folder of photos nor shards; make shards of it with jobs/pack.sh");
    }

    private JsonNode measured(String images, String... more) throws IOException {
        return measured(2, images, more);
    }

    private JsonNode measured(int repetitions, String images, String... more) throws IOException {
        Path output = folder.resolve("figures.json");
        Files.createDirectories(folder.resolve("work"));
        List<String> line = new ArrayList<>(List.of("benchmark", "--images", images, "--model", model.toString()));
        line.addAll(List.of("--repetitions", Integer.toString(repetitions), "--output", output.toString()));
        line.addAll(List.of("--scratch-dir", folder.resolve("work").toUri().toString()));
        line.addAll(List.of(more));
        assertThat(Main.run(line.toArray(String[]::new))).isZero();
        assertThat(SPARK.sparkContext().isStopped()).isFalse();
        return JSON.readTree(output.toFile());
    }

    private static String refusal(String... options) {
        JobRun run = JobRun.of(
                Stream.concat(Stream.of("benchmark"), Stream.of(options)).toArray());
        assertThat(run.exit()).isEqualTo(1);
        return run.err();
    }
}
