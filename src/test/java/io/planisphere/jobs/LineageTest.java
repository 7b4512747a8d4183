package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs jobs whose lineage a real HTTP server receives. */
class LineageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TRANSPORT = "spark.openlineage.transport.";

    private final SparkSession spark = LocalSpark.session().newSession();
    private Path folder;
    private Path model;
    private Path tar;
    private Path output;
    private LineageReceiver receiver;

    @BeforeEach
    void startReceiver(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.classify("red", "green", "blue"));
        tar = Files.write(
                Files.createDirectory(folder.resolve("shards")).resolve("a.tar"),
                new Tars()
                        .with("g.png", Photos.png(Color.GREEN, 12, 9))
                        .with("dot.png", Photos.png(Color.BLUE, 1, 1))
                        .with("page.jpg", "<html>")
                        .bytes());
        output = folder.resolve("out");
        receiver = new LineageReceiver();
        spark.conf().set(TRANSPORT + "url", receiver.url());
        SparkSession.setActiveSession(spark);
    }

    @AfterEach
    void stopReceiver() {
        receiver.close();
        SparkSession.clearActiveSession(); // LocalSpark.session() returns the active one
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void twoEventsSayWhatAJobReadAndWroteWithWhichModel() throws IOException {
        spark.conf().set("spark.openlineage.namespace", "photos");

        assertThat(classify().exit()).isZero();

        assertThat(receiver.received())
                .allSatisfy(request -> assertThat(request.path()).isEqualTo("/api/v1/lineage"));
        assertThat(types()).containsExactly("START", "COMPLETE");
        JsonNode start = receiver.events().get(0);
        JsonNode end = receiver.events().get(1);
        assertThat(receiver.events()).allSatisfy(LineageTest::hasWhatTheStandardRequires);
        assertThat(start.at("/run/runId")).isEqualTo(end.at("/run/runId"));
        assertThat(UUID.fromString(end.at("/run/runId").asText()).version()).isEqualTo(7);
        assertThat(OffsetDateTime.parse(start.at("/eventTime").asText()))
                .isBefore(OffsetDateTime.parse(end.at("/eventTime").asText()));
        assertThat(end.at("/job/namespace").asText()).isEqualTo("photos");
        assertThat(end.at("/job/name").asText())
                .isEqualTo(
                        "planisphere.classify." + output.toString().substring(1).replace('/', '_'));
        assertThat(datasets(start, "inputs")).containsExactly("file " + tar, "file " + model);
        assertThat(datasets(end, "inputs")).containsExactly("file " + tar, "file " + model);
        assertThat(datasets(start, "outputs")).containsExactly("file " + output);
        assertThat(end.at("/outputs/0/facets/schema/fields").findValuesAsText("name"))
                .startsWith("id", "uri", "status")
                .contains("labels");

        JsonNode run = JSON.readTree(output.resolve("_run/run.json").toFile());
        String digest = run.at("/model/sha256").asText();
        assertThat(digest).hasSize(64);
        assertThat(end.at("/inputs/1/facets/version/datasetVersion").asText()).isEqualTo(digest);
        assertThat(end.at("/run/facets/planisphere_models/models")).hasSize(1);
        JsonNode used = end.at("/run/facets/planisphere_models/models/0");
        assertThat(used.path("sha256").asText()).isEqualTo(digest);
        assertThat(used.path("name")).isEqualTo(run.at("/model/name"));
        assertThat(end.at("/outputs/0/outputFacets/outputStatistics/rowCount").asLong())
                .isEqualTo(3);
        JsonNode rows = end.at("/outputs/0/outputFacets/planisphere_rows");
        assertThat(rows.path("total").asLong()).isEqualTo(3);
        assertThat(rows.path("status")).isEqualTo(JSON.readTree("{\"ok\":2,\"not_an_image\":1}"));
        assertThat(end.at("/run/facets/planisphere_run/sparkApplicationId").asText())
                .isEqualTo(spark.sparkContext().applicationId());
        assertThat(end.at("/run/facets/processing_engine/version").asText()).isEqualTo(spark.version());
    }

    /** Checks an event by the required fields of OpenLineage's schema, which the client library does not carry. */
    private static void hasWhatTheStandardRequires(JsonNode event) {
        assertThat(event.path("schemaURL").asText()).startsWith("https://openlineage.io/spec/");
        assertThat(event.path("producer").asText()).startsWith("https://");
        assertThat(OffsetDateTime.parse(event.path("eventTime").asText())).isNotNull();
        assertThat(event.at("/job/name").asText()).isNotEmpty();
        assertThat(event.at("/job/namespace").asText()).isNotEmpty();
        List<JsonNode> facets = new ArrayList<>();
        event.at("/run/facets").forEach(facets::add);
        event.at("/job/facets").forEach(facets::add);
        for (String side : List.of("inputs", "outputs")) {
            for (JsonNode dataset : event.path(side)) {
                dataset.path("facets").forEach(facets::add);
                dataset.path("outputFacets").forEach(facets::add);
            }
        }
        assertThat(facets).hasSizeGreaterThan(3).allSatisfy(facet -> {
            assertThat(facet.path("_producer").asText()).startsWith("https://");
            assertThat(facet.path("_schemaURL").asText()).startsWith("https://");
            conformsToOurSchema(facet);
        });
    }

    private static void conformsToOurSchema(JsonNode facet) throws IOException {
        String url = facet.path("_schemaURL").asText();
        if (url.startsWith("https://openlineage.io/")) {
            return;
        }
        JsonNode schema =
                JSON.readTree(Path.of(url.substring(url.indexOf("/docs/") + 1)).toFile());
        assertThat(schema.path("$id").asText()).isEqualTo(url);
        List<String> fields = new ArrayList<>();
        facet.fieldNames().forEachRemaining(fields::add);
        fields.removeAll(List.of("_producer", "_schemaURL"));
        List<String> described = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(described::add);
        assertThat(fields).containsExactlyElementsOf(described);
        assertThat(schema.path("required")).isEqualTo(JSON.valueToTree(described));
    }

    @Test
    void aModelThatTrainWroteIsAnInputOfWhatUsesIt() throws IOException {
        Path backbone = TinyModels.writeDirectory(folder.resolve("backbone"), TinyModels.locate(TinyModels.CELLS));
        Tars photos = new Tars();
        StringBuilder views = new StringBuilder("id,view,author\n");
        for (int i = 0; i < 40; i++) {
            photos.with("p" + i + ".png", Photos.png(i % 2 == 0 ? Color.GREEN : Color.BLUE, 9, 8));
            views.append("p" + i + (i % 2 == 0 ? ",green," : ",blue,") + "a" + i + "\n");
        }
        Path shards = Files.write(folder.resolve("photos.tar"), photos.bytes());
        Path truth = Files.writeString(folder.resolve("views.csv"), views);
        Path embedded = folder.resolve("embedded");
        Path trained = folder.resolve("trained");
        Path scores = folder.resolve("scores");

        assertThat(JobRun.of("embed", "--model", backbone, "--input", shards, "--output", embedded)
                        .exit())
                .isZero();
        assertThat(JobRun.of(
                                "train",
                                "--embeddings",
                                embedded,
                                "--labels",
                                truth,
                                "--label-column",
                                "view",
                                "--output",
                                trained,
                                "--licence",
                                "CC0-1.0")
                        .exit())
                .isZero();
        assertThat(JobRun.of("classify", "--model", trained, "--input", shards, "--output", output)
                        .exit())
                .isZero();
        assertThat(JobRun.of(
                                "evaluate",
                                "--task",
                                "labels",
                                "--label-column",
                                "view",
                                "--predictions",
                                output,
                                "--truth",
                                truth,
                                "--output",
                                scores)
                        .exit())
                .isZero();

        List<JsonNode> ends = ends();
        assertThat(ends)
                .extracting(end -> end.at("/run/facets/planisphere_run/job").asText())
                .containsExactly("embed", "train", "classify", "evaluate");
        assertThat(datasets(ends.get(0), "outputs")).containsExactly("file " + embedded);
        assertThat(datasets(ends.get(1), "inputs"))
                .containsExactly("file " + embedded, "file " + truth, "file " + backbone);
        assertThat(datasets(ends.get(1), "outputs")).containsExactly("file " + trained);
        assertThat(datasets(ends.get(2), "inputs")).containsExactly("file " + shards, "file " + trained);
        assertThat(ends.get(1).at("/outputs/0/facets/version/datasetVersion").asText())
                .hasSize(64)
                .isEqualTo(ends.get(2)
                        .at("/inputs/1/facets/version/datasetVersion")
                        .asText());
        assertThat(datasets(ends.get(3), "inputs")).containsExactly("file " + output, "file " + truth);
        assertThat(datasets(ends.get(3), "outputs")).containsExactly("file " + scores);
    }

    @Test
    void theOutputOfPackIsItsShardsAndAGlobIsTheFolderOfItsMatches() {
        Path packed = folder.resolve("packed");

        assertThat(JobRun.of("pack", "--input", folder.resolve("shards/*.tar"), "--output", packed)
                        .exit())
                .isZero();

        assertThat(datasets(ends().get(0), "inputs")).containsExactly("file " + folder.resolve("shards"));
        assertThat(datasets(ends().get(0), "outputs")).containsExactly("file " + packed);
        assertThat(ends().get(0).at("/run/facets/planisphere_models").isMissingNode())
                .isTrue();
    }

    @Test
    void aJobThatFailsSendsItsMessage() throws IOException {
        assertThat(classify().exit()).isZero();
        Path other = TinyModels.writeDirectory(folder.resolve("other"), TinyModels.classify("a", "b", "c"));

        JobRun refused = JobRun.of("classify", "--model", other, "--input", tar, "--output", output);

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(types()).containsExactly("START", "COMPLETE", "START", "FAIL");
        hasWhatTheStandardRequires(receiver.events().get(3));
        assertThat(ends().get(1).at("/run/facets/errorMessage/message").asText())
                .isEqualTo(refused.err().strip());
    }

    @Test
    void aJobWithTooManyErrorsFailsWithItsCounts() {
        JobRun run =
                JobRun.of("classify", "--model", model, "--input", tar, "--output", output, "--max-error-rate", "0.1");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(types()).containsExactly("START", "FAIL");
        assertThat(ends().get(0).at("/run/facets/errorMessage/message").asText())
                .isEqualTo("0.3333 of the rows are not ok, more than --max-error-rate 0.1 allows");
        assertThat(ends().get(0)
                        .at("/outputs/0/outputFacets/planisphere_rows/total")
                        .asLong())
                .isEqualTo(3);
    }

    @Test
    void aReceiverThatIsDownCostsOneWarning() throws IOException {
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            spark.conf().set(TRANSPORT + "url", "http://127.0.0.1:" + port.getLocalPort());
        }

        JobRun run = classify();

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("3 photos, 3 rows: 1 not_an_image 2 ok");
        assertThat(run.err())
                .startsWith("The lineage of this run is incomplete: START was not sent to http://127.0.0.1:")
                .contains("refused")
                .hasLineCount(1);
    }

    @Test
    void aReceiverThatRefusesEventsCostsOneWarning() {
        receiver.answerWith(403);

        JobRun run = classify();

        assertThat(run.exit()).isZero();
        assertThat(types()).containsExactly("START", "COMPLETE");
        assertThat(run.err())
                .contains("The lineage of this run is incomplete")
                .contains("403")
                .hasLineCount(1);
    }

    @Test
    void aReceiverThatNeverAnswersDelaysAJobByItsTimeoutsOnly() {
        assertThat(classify().exit()).isZero(); // opens the session
        receiver.fallSilent();
        spark.conf().set(TRANSPORT + "timeoutInMillis", 400);
        Instant before = Instant.now();

        JobRun run = classify();

        assertThat(run.exit()).isZero();
        assertThat(run.err()).contains("The lineage of this run is incomplete").hasLineCount(1);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aWrongSettingEndsAJobBeforeItWrites() {
        Map.of(
                        "url", "ftp://127.0.0.1",
                        "type", "pigeon",
                        "timeoutInMillis", "soon",
                        "auth.type", "trust")
                .forEach((setting, value) -> {
                    String before = spark.conf().get(TRANSPORT + setting, "");
                    spark.conf().set(TRANSPORT + setting, value);

                    JobRun run = classify();

                    assertThat(run.exit()).as("%s", run).isEqualTo(1);
                    assertThat(run.err()).contains(TRANSPORT).hasLineCount(1);
                    if (!setting.contains(".")) {
                        assertThat(run.err()).contains(value);
                    }
                    assertThat(output).doesNotExist();
                    spark.conf().unset(TRANSPORT + setting);
                    if (!before.isEmpty()) {
                        spark.conf().set(TRANSPORT + setting, before);
                    }
                });
        assertThat(receiver.events()).isEmpty();
    }

    @Test
    void nothingIsSentWithoutASetting() {
        spark.conf().unset(TRANSPORT + "url");

        assertThat(classify().err()).isEmpty();

        assertThat(receiver.events()).isEmpty();
    }

    private JobRun classify() {
        return JobRun.of("classify", "--model", model, "--input", tar, "--output", output);
    }

    private List<String> types() {
        return receiver.events().stream()
                .map(event -> event.path("eventType").asText())
                .toList();
    }

    private List<JsonNode> ends() {
        return receiver.events().stream()
                .filter(event -> !event.path("eventType").asText().equals("START"))
                .toList();
    }

    private static List<String> datasets(JsonNode event, String side) {
        List<String> names = new ArrayList<>();
        for (JsonNode dataset : event.path(side)) {
            names.add(dataset.path("namespace").asText() + " "
                    + dataset.path("name").asText());
        }
        return names;
    }
}
