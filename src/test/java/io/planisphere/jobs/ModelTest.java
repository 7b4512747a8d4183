package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Task;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private Path folder;

    @BeforeEach
    void begin(@TempDir Path temporary) {
        folder = temporary;
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void anArchitectureIsDescribedLayerByLayer() throws IOException {
        assertThat(run("describe", "mobilenet-v1:0.5:160", "--json", path("costs.json")))
                .contains("76.52 M multiply-adds", "convolution 1 x 1")
                .doesNotContain("median");

        JsonNode costs = json("costs.json").get(0);
        assertThat(costs.get("weights").asLong()).isEqualTo(1_319_648);
        assertThat(costs.get("layers")).hasSize(28);
        assertThat(costs.get("layers").get(0).get("name").asText()).isEqualTo("stem");
        assertThat(costs.get("uncounted")).isEmpty();
        assertThat(costs.has("latency_ms")).isFalse();
    }

    @Test
    void packagesAndFilesAreDescribedToo() throws IOException {
        Path model = folder.resolve("net.onnx");
        Files.copy(Path.of("src/main/resources/models/face-detector/model.onnx"), model);

        run("describe", "builtin:earth", model.toString(), "--repetitions", "3", "--json", path("costs.json"));

        JsonNode earth = json("costs.json").get(0);
        assertThat(earth.get("multiply_adds").asLong()).isEqualTo(13_426_688);
        assertThat(earth.get("file_bytes").asLong()).isBetween(1_000_000L, 2_000_000L);
        assertThat(earth.get("latency_ms").get("median").asDouble()).isBetween(0.01, 10_000.0);
        JsonNode detector = json("costs.json").get(1);
        assertThat(detector.get("photo").asText()).isEqualTo("input [1, 3, 240, 320]");
        assertThat(detector.get("latency_ms").get("repetitions").asInt()).isEqualTo(3);
    }

    @Test
    void aBuiltPackageRuns() throws IOException {
        String[] build = {
            "build", "mobilenet-v3-small", "--width", "0.35", "--resolution", "32", "--classes", "7", "--output",
        };
        run(with(build, path("one")));
        run(with(build, path("two"), "--fold-batch-norm"));

        ModelPackage one = ModelPackage.open(path("one"), new Configuration());
        assertThat(one.task()).isEqualTo(Task.CLASSIFY);
        assertThat(one.labels()).containsExactly("0", "1", "2", "3", "4", "5", "6");
        assertThat(one.preprocessing().crop().width()).isEqualTo(32);
        assertThat(one.embedding().orElseThrow().width()).hasValue(1024);
        // initial batch norm has almost no effect, so both give the same predictions
        ModelPackage two = ModelPackage.open(path("two"), new Configuration());
        for (int i = 0; i < 7; i++) {
            assertThat(two.goldens().get(0).values().get(i))
                    .isCloseTo(one.goldens().get(0).values().get(i), within(1e-4));
        }
        assertThat(two.model().length).isLessThan(one.model().length);

        Files.write(folder.resolve("red.png"), Photos.png(Color.RED, 40, 30));
        assertThat(Main.run("classify", "--model", path("one"), "--input", path("red.png"), "--output", path("rows")))
                .isZero();
        assertThat(SPARK.read().parquet(path("rows")).first().<String>getAs("status"))
                .isEqualTo("ok");
    }

    @Test
    void aNetworkBuiltForCellsIsAGeolocator() throws IOException {
        run(
                "build",
                "mobilenet-v1",
                "--width",
                "0.25",
                "--resolution",
                "32",
                "--cells",
                "builtin:earth",
                "--output",
                path("places"));

        ModelPackage places = ModelPackage.open(path("places"), new Configuration());
        assertThat(places.task()).isEqualTo(Task.LOCATE);
        assertThat(places.heads().get(0).width()).hasValue(440);
    }

    /** The second package swaps the labels red and green, so both agree only on blue. */
    @Test
    void agreementIsTheShareOfEqualPredictions() throws IOException {
        TinyModels.writeDirectory(folder.resolve("a"), TinyModels.classify("red", "green", "blue"));
        TinyModels.writeDirectory(folder.resolve("b"), TinyModels.classify("green", "red", "blue"));
        Path photos = Files.createDirectory(folder.resolve("photos"));
        Files.write(photos.resolve("r.png"), Photos.png(Color.RED, 12, 9));
        Files.write(photos.resolve("g.png"), Photos.png(Color.GREEN, 12, 9));
        Files.write(photos.resolve("b.png"), Photos.png(Color.BLUE, 12, 9));
        Files.writeString(photos.resolve("page.jpg"), "<html>");

        String text = run(
                "describe",
                "--compare",
                path("a"),
                path("b"),
                "--input",
                photos.toString(),
                "--repetitions",
                "5",
                "--json",
                path("compared.json"),
                "--plot",
                path("plot.png"));

        assertThat(text).contains("3 photos, 1 more without a prediction", "33.3 %", "1.00 x");
        JsonNode second = json("compared.json").get("networks").get(1);
        assertThat(second.get("same_prediction").asDouble()).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(second.get("prediction_in_top_5").asDouble()).isEqualTo(1);
        assertThat(second.get("speed").asDouble()).isPositive();
        BufferedImage plot = ImageIO.read(folder.resolve("plot.png").toFile());
        assertThat(plot.getWidth()).isEqualTo(1000);
    }

    @Test
    void networksWithoutCommonLabelsAreNotCompared() throws IOException {
        TinyModels.writeDirectory(folder.resolve("a"), TinyModels.classify("red", "green", "blue"));
        TinyModels.writeDirectory(folder.resolve("b"), TinyModels.classify("cat", "dog", "cow"));
        Files.write(folder.resolve("r.png"), Photos.png(Color.RED, 12, 9));

        assertThat(refused("describe", "--compare", path("a"), path("b"), "--input", path("r.png")))
                .contains("have no prediction in common");
    }

    @Test
    void allMistakesAreReportedTogether() throws IOException {
        assertThat(refused("build", "mobilenet-v7", "--classes", "0", "--output", path("x")))
                .contains("There is no architecture mobilenet-v7", "--classes must be from 1 to 1000000, got 0");
        Files.createDirectory(folder.resolve("there"));
        assertThat(refused("build", "mobilenet-v1", "--classes", "3", "--output", path("there")))
                .contains("it exists");
        assertThat(refused("build", "mobilenet-v1", "--output", path("x")))
                .contains("--classes N, --labels FILE or --cells FILE");
        assertThat(refused("describe", "mobilenet-v1", "--compare", "--plot", "x.png"))
                .contains("--compare takes two networks or more, got mobilenet-v1", "--plot shows agreement");
        assertThat(refused("describe", "nothing.onnx")).contains("nothing.onnx: there is no such file");
        assertThat(refused("describe", "mobilenet-v1:99:1")).contains("at most 16, got 99.0");
        assertThat(refused("describe", "--compare", "mobilenet-v1", "mobilenet-v2", "--input", folder.toString()))
                .contains("mobilenet-v1 is no model package");
        assertThat(refused()).contains("describe", "build");
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(List.of(arguments).stream(), List.of(more).stream())
                .toArray(String[]::new);
    }

    private JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(name).toFile());
    }

    private static String run(String... arguments) {
        JobRun run = JobRun.of((Object[]) with(new String[] {"model"}, arguments));
        assertThat(run.exit()).isZero();
        return run.out();
    }

    private static String refused(String... arguments) {
        JobRun run = JobRun.of((Object[]) with(new String[] {"model"}, arguments));
        assertThat(run.exit()).isEqualTo(1);
        return run.err();
    }
}
