package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the data of pages made from runs of the whole job on real files; {@link ReportInBrowserTest} tests the pages. */
class ReportTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    private static Path folder;
    private static Path located;
    private static Path classified;

    private String messages = "";

    @BeforeAll
    static void label(@TempDir Path temporary) throws IOException {
        LocalSpark.session();
        folder = temporary;
        byte[] red = Photos.png(Color.RED, 12, 9);
        Path tar = Files.write(
                folder.resolve("a#1.tar"),
                new Tars()
                        .with("red#2.png", red)
                        .with("twin.png", red)
                        .with("blue.png", Photos.png(Color.BLUE, 12, 9))
                        .with("empty.jpg", new byte[0])
                        .with("page.jpg", "<html>")
                        .bytes());
        Path gone = Files.write(
                folder.resolve("gone.tar"),
                new Tars().with("gone.png", Photos.png(Color.GREEN, 12, 9)).bytes());
        located = folder.resolve("located");
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        assertThat(Main.run(
                        "locate",
                        "--model",
                        model.toString(),
                        "--output",
                        located.toString(),
                        "--input",
                        tar.toString(),
                        "--input",
                        gone.toString()))
                .isZero();
        Files.delete(gone);
        classified = folder.resolve("classified");
        assertThat(Main.run(
                        "classify",
                        "--model",
                        TinyModels.writeDirectory(folder.resolve("labels"), TinyModels.classify("red", "green", "blue"))
                                .toString(),
                        "--output",
                        classified.toString(),
                        "--input",
                        tar.toString()))
                .isZero();
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void aPageHasTheRunItsCellsAndTheRejectedPhotos() throws IOException {
        JsonNode page = data(page("--run", located));

        assertThat(page.at("/run/job").asText()).isEqualTo("locate");
        assertThat(page.at("/run/model/sha256").asText()).hasSize(64);
        assertThat(page.at("/run/invocations/0/stageSeconds/infer").asDouble()).isPositive();
        assertThat(page.path("status").toString()).isEqualTo("{\"empty\":1,\"not_an_image\":1,\"ok\":4}");
        assertThat(page.at("/places/placed").asInt()).isEqualTo(4);
        assertThat(texts(page.at("/places/cells"), "token")).startsWith("89c25").contains("6018f");
        assertThat(page.at("/places/cells/0/photos").asInt()).isEqualTo(2);
        assertThat(page.at("/places/partition")).hasSize(3);
        assertThat(texts(page.path("rejected"), "status")).containsExactlyInAnyOrder("empty", "not_an_image");
        assertThat(page.at("/rejected/0/examples/0/detail").asText()).isNotBlank();
    }

    @Test
    void existingPhotosHaveThumbnailsAndOthersANote() throws IOException {
        JsonNode examples = data(page("--run", located)).path("examples");

        assertThat(examples).hasSize(4);
        for (JsonNode example : examples) {
            boolean gone = example.path("id").asText().equals("gone");
            assertThat(example.path("thumbnail").asText().startsWith("data:image/jpeg;base64,"))
                    .as(example.path("uri").asText())
                    .isNotEqualTo(gone);
            assertThat(example.path("unread").asText()).startsWith(gone ? "It cannot be read" : "");
        }
        assertThat(texts(examples, "uri")).anyMatch(uri -> uri.endsWith("a#1.tar#red#2.png"));
    }

    @Test
    void withoutThumbnailsThePageHasNoImages() throws IOException {
        assertThat(page("--run", located, "--no-thumbnails"))
                .contains("red#2")
                .doesNotContain("data:image/jpeg")
                .doesNotContain("\"unread\"");
    }

    @Test
    void groundTruthGivesScoresAndTheErrorOfEachExample() throws IOException {
        Path truth = Files.writeString(folder.resolve("truth.csv"), "id,latitude,longitude\ntwin,40.7,-74\nblue,0,0\n");

        JsonNode page = data(page("--run", located, "--truth", truth));

        assertThat(page.at("/places/accuracy/metrics/n").asInt()).isEqualTo(2);
        assertThat(page.at("/places/accuracy/metrics/within_km/2500").asDouble())
                .isEqualTo(0.5);
        assertThat(page.at("/places/accuracy/points")).hasSize(2);
        assertThat(page.path("published")).hasSize(5);
        JsonNode twin = StreamSupport.stream(page.path("examples").spliterator(), false)
                .filter(example -> example.path("id").asText().equals("twin"))
                .findFirst()
                .orElseThrow();
        assertThat(twin.at("/prediction/trueLatitude").asDouble()).isEqualTo(40.7);
        assertThat(twin.at("/prediction/errorKm").asDouble()).isBetween(0.0, 100.0);
        assertThat(twin.at("/prediction/cells")).hasSize(3);
    }

    @Test
    void labelsAreCountedAndShownWithExamples() throws IOException {
        JsonNode labels = data(page("--run", classified)).path("labels");

        assertThat(texts(labels.path("labels"), "label")).containsExactly("red", "blue");
        assertThat(labels.at("/labels/0/count").asInt()).isEqualTo(2);
        assertThat(labels.at("/scores/counts/19").asInt())
                .as("sure of all of them")
                .isEqualTo(3);
        assertThat(labels.path("examples")).hasSize(3);
    }

    @Test
    void inputsThatCannotBeShownGiveOneMessage() throws IOException {
        Path output = folder.resolve("nothing.html");

        assertThat(run("--run", folder.resolve("nowhere"), "--output", output)).isEqualTo(1);
        assertThat(messages)
                .contains("nowhere: it holds no _run/run.json; give the --output of a job")
                .doesNotContain("\tat ");
        assertThat(run("--run", located, "--truth", folder.resolve("none.csv"), "--output", output))
                .isEqualTo(1);
        assertThat(messages).contains("none.csv").doesNotContain("\tat ");
        Path others = Files.writeString(folder.resolve("others.csv"), "id,latitude,longitude\nnobody,40.7,-74\n");
        assertThat(run("--run", located, "--truth", others, "--output", output)).isEqualTo(1);
        assertThat(messages)
                .contains("No photo of")
                .contains("has a true place in")
                .contains("see --match");
        assertThat(run("--run", classified, "--truth", others, "--output", output))
                .isEqualTo(1);
        assertThat(messages).contains("--truth is for runs of locate").contains("is one of classify");
        assertThat(output).doesNotExist();
        Files.writeString(output, "mine");
        assertThat(run("--run", located, "--output", output)).isEqualTo(1);
        assertThat(messages).contains("it exists; remove it");
        assertThat(output).hasContent("mine");
    }

    private String page(Object... options) throws IOException {
        Path output = Files.createTempDirectory(folder, "page").resolve("page.html");
        List<Object> line = new ArrayList<>(Arrays.asList(options));
        line.addAll(List.of("--output", output));
        assertThat(run(line.toArray())).as(messages).isZero();
        return Files.readString(output);
    }

    private int run(Object... options) {
        List<String> line = new ArrayList<>(List.of("report"));
        Arrays.stream(options).map(Object::toString).forEach(line::add);
        JobRun run = JobRun.of(line.toArray());
        messages = run.output();
        return run.exit();
    }

    private static JsonNode data(String page) throws IOException {
        Matcher data = DATA.matcher(page);
        assertThat(data.find()).isTrue();
        return new ObjectMapper().readTree(data.group(1));
    }

    private static List<String> texts(JsonNode list, String name) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(each -> each.path(name).asText())
                .toList();
    }
}
