package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import io.planisphere.vision.HalfFloat;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the whole job on real files, with a network that distinguishes red, green and blue photos by logits of 4 and -4. */
class ClassifyTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private Path folder;
    private Path model;
    private Path tar;
    private Path output;

    @BeforeEach
    void writePhotos(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.classify("red", "green", "blue"));
        tar = Files.write(
                folder.resolve("a.tar"),
                new Tars()
                        .with("g.png", Photos.png(Color.GREEN, 12, 9))
                        .with("dot.png", Photos.png(Color.BLUE, 1, 1))
                        .with("page.jpg", "<html>")
                        .bytes());
        output = folder.resolve("out");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void everyPhotoHasItsTopLabelsOrAnErrorStatus() throws IOException {
        assertThat(classify("--top-k", "2")).isZero();

        assertThat(SPARK.read().parquet(output.toString()).count()).isEqualTo(3);
        List<Row> labels = row("g").getList(row("g").fieldIndex("labels"));
        assertThat(labels).hasSize(2);
        assertThat(labels.get(0).getInt(0)).isEqualTo(1);
        assertThat(labels.get(0).getString(1)).isEqualTo("green");
        // e^4 / (e^4 + 2 e^-4)
        assertThat((double) labels.get(0).getFloat(2)).isCloseTo(0.99932975, within(1e-6));
        assertThat(labels.get(1).getString(1)).isEqualTo("red");
        assertThat(row("dot")
                        .<Row>getList(row("dot").fieldIndex("labels"))
                        .get(0)
                        .getString(1))
                .isEqualTo("blue");
        Row page = row("page");
        assertThat(page.<String>getAs("status")).isEqualTo("not_an_image");
        assertThat(page.isNullAt(page.fieldIndex("labels"))).isTrue();
        assertThat(page.schema().fieldNames())
                .containsExactly("id", "uri", "status", "detail", "width", "height", "labels", "batch");
    }

    @Test
    void aRunStartsNoProcessForFileOperations() throws IOException {
        Path recorded = folder.resolve("processes.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ProcessStart");
            recording.start();
            assertThat(classify()).isZero();
            Path photos = Files.createDirectory(folder.resolve("photos"));
            Files.write(photos.resolve("g.png"), Photos.png(Color.GREEN, 12, 9));
            String byReference = folder.resolve("out2").toString();
            assertThat(Main.run(
                            "classify",
                            "--model",
                            model.toString(),
                            "--input",
                            photos.toString(),
                            "--output",
                            byReference))
                    .isZero();
            new ProcessBuilder("true", folder.toString()).start();
            recording.stop();
            recording.dump(recorded);
        }

        assertThat(RecordingFile.readAllEvents(recorded))
                .extracting(event -> event.getString("command"))
                .filteredOn(command -> command.contains(folder.toString()))
                .containsExactly("true " + folder);
    }

    @Test
    void softLabelsAreTheFullDistributionInHalfPrecision() throws IOException {
        assertThat(classify("--soft-labels", "--temperature", "4")).isZero();

        float[] soft = HalfFloat.decode(row("g").getAs("soft_labels"));
        // scores of 1 and -1: e / (e + 2 / e) = 0.78699, e^-1 / (e + 2 / e) = 0.10651; a half has eleven bits
        assertThat(soft).hasSize(3);
        assertThat((double) soft[0]).isCloseTo(0.10651, within(1e-4));
        assertThat((double) soft[1]).isCloseTo(0.78699, within(5e-4));
        // the temperature of the soft labels does not change the probability in the row
        assertThat((double) row("g").<Row>getList(row("g").fieldIndex("labels"))
                        .get(0)
                        .getFloat(2))
                .isCloseTo(0.99932975, within(1e-6));
        Row page = row("page");
        assertThat(page.isNullAt(page.fieldIndex("soft_labels"))).isTrue();
        JsonNode record =
                new ObjectMapper().readTree(output.resolve("_run/run.json").toFile());
        assertThat(record.path("settings").path("temperature").asText()).isEqualTo("4.0");
        assertThat(record.path("invocations").path(0).path("device").asText()).isEqualTo("cpu");
    }

    @Test
    void softLabelsOfAttributesApplyTheTemperaturePerAttribute() throws IOException {
        Map<String, byte[]> files = TinyModels.classify("red", "green", "blue");
        TinyModels.writeDirectory(
                folder.resolve("sigmoid"),
                TinyModels.with(
                        files,
                        "manifest.json",
                        TinyModels.text(files, "manifest.json").replace("\"softmax\"", "\"sigmoid\"")));
        model = folder.resolve("sigmoid");

        assertThat(classify("--soft-labels", "--temperature", "2")).isZero();

        float[] soft = HalfFloat.decode(row("g").getAs("soft_labels"));
        assertThat((double) soft[0]).isCloseTo(0.11920, within(1e-4)); // 1 / (1 + e^2)
        assertThat((double) soft[1]).isCloseTo(0.88080, within(5e-4)); // 1 / (1 + e^-2)
    }

    @Test
    void softLabelsWithoutATemperatureAreTheProbabilities() throws IOException {
        assertThat(classify("--soft-labels")).isZero();

        assertThat((double) HalfFloat.decode(row("g").getAs("soft_labels"))[1]).isCloseTo(0.99933, within(5e-4));
    }

    /** Most exported MobileNets do so. The logits are recovered from the probabilities. */
    @Test
    void theTemperatureAppliesToANetworkThatEndsInSoftmax() throws IOException {
        Map<String, byte[]> files = TinyModels.export("red", "green", "blue");
        ModelProto.Builder graph = ModelProto.parseFrom(TinyModels.bytes(files, "model.onnx")).toBuilder();
        graph.getGraphBuilder()
                .addNode(TinyModels.node("Softmax", "shares", "logits"))
                .addNode(TinyModels.node("Identity", "output", "shares"))
                .setOutput(0, TinyModels.value("output", List.of("N", "3")));
        model = TinyModels.writeDirectory(
                folder.resolve("ended"),
                TinyModels.with(files, "model.onnx", graph.build().toByteArray()));

        assertThat(classify("--soft-labels", "--temperature", "4")).isZero();

        // the same values as from the logits themselves
        float[] soft = HalfFloat.decode(row("g").getAs("soft_labels"));
        assertThat((double) soft[0]).isCloseTo(0.10651, within(1e-4));
        assertThat((double) soft[1]).isCloseTo(0.78699, within(5e-4));
    }

    @Test
    void rowsWithOtherDecodingSettingsAreNotMixedIntoAnOutput() throws IOException {
        assertThat(classify("--reducing-gap", "4")).isZero();

        assertThat(classify("--reducing-gap", "2")).isEqualTo(1);
        assertThat(classify("--reducing-gap", "0.5")).isEqualTo(1);
        assertThat(messageOf("--resize", "fast"))
                .contains(
                        "was begun with --crops 1 --top-k 5, and this command line says --crops 1 --resize fast --top-k 5");
        assertThat(messageOf("--resize", "nearest")).contains("--resize", "nearest");

        assertThat(classify()).isZero();
    }

    @Test
    void anUnmodifiedExportRuns() throws IOException {
        model = TinyModels.writeDirectory(folder.resolve("export"), TinyModels.export("r", "g", "b"));

        assertThat(classify()).isZero();

        assertThat(row("g").<Row>getList(row("g").fieldIndex("labels")).get(0).getString(1))
                .isEqualTo("g");
    }

    @Test
    void normalisationInsideTheNetworkGivesTheSameScores() throws IOException {
        model = TinyModels.writeDirectory(folder.resolve("export"), TinyModels.export("r", "g", "b"));
        assertThat(classify("--soft-labels")).isZero();
        float[] floats = HalfFloat.decode(row("g").getAs("soft_labels"));
        model = TinyModels.writeDirectory(folder.resolve("pixels"), TinyModels.takingPixels("r", "g", "b"));
        output = folder.resolve("of pixels");

        assertThat(classify("--soft-labels")).isZero();

        assertThat(HalfFloat.decode(row("g").getAs("soft_labels"))).containsExactly(floats);
        assertThat(row("page").<String>getAs("status")).isEqualTo("not_an_image");
    }

    @Test
    void invalidOptionsAndPackagesAreRejectedWithARemedy() throws IOException {
        assertThat(messageOf("--soft-labels", "--temperature", "0", "--top-k", "0", "--crops", "3"))
                .contains("--temperature must be above 0, got 0.0")
                .contains("--top-k must be at least 1, got 0")
                .contains("--crops must be one of [1, 5, 10], got 3");
        assertThat(messageOf("--device", "gpu")).startsWith("--device gpu is not available here:\nMaster local[8]");

        model = TinyModels.writeDirectory(folder.resolve("places"), TinyModels.locate(TinyModels.CELLS));
        assertThat(messageOf()).contains("its task is locate but this job needs classify");

        Map<String, byte[]> files = TinyModels.classify("red", "green", "blue");
        model = TinyModels.writeDirectory(
                folder.resolve("none"),
                TinyModels.with(
                        files,
                        "manifest.json",
                        TinyModels.text(files, "manifest.json").replace("\"softmax\"", "\"none\"")));
        assertThat(messageOf("--soft-labels", "--temperature", "2"))
                .contains("its probabilities logits come out of the operator Gemm");
    }

    private String messageOf(String... options) {
        JobRun run = run(options);
        assertThat(run.exit()).isEqualTo(1);
        return run.err();
    }

    private int classify(String... options) {
        return run(options).exit();
    }

    private JobRun run(String... options) {
        List<String> line = new ArrayList<>(List.of(
                "classify", "--model", model.toString(), "--input", tar.toString(), "--output", output.toString()));
        line.addAll(Arrays.asList(options));
        return JobRun.of(line.toArray());
    }

    private Row row(String id) {
        return SPARK.read()
                .parquet(output.toString())
                .where("id = '" + id + "'")
                .collectAsList()
                .get(0);
    }
}
