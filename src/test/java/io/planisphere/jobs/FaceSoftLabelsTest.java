package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyFaceModels;
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
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Soft labels of faces. A red face has logits of 4, -4 and -4 for red, green and blue. */
class FaceSoftLabelsTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private Path folder;
    private Path detector;
    private Path model;
    private Path tar;
    private Path output;
    private String messages = "";

    @BeforeEach
    void writePhotos(@TempDir Path temporary) throws IOException {
        folder = temporary;
        detector = TinyModels.writeDirectory(folder.resolve("detector"), TinyFaceModels.detector());
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyFaceModels.attributes(1));
        tar = Files.write(
                folder.resolve("a.tar"),
                new Tars()
                        .with("one.png", Photos.png(Color.RED, 800, 800))
                        .with("none.png", Photos.png(Color.BLUE, 800, 600))
                        .with("crowd.png", Photos.png(FacePhotos.crowd()))
                        .bytes());
        output = folder.resolve("out");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void aFaceHasTheFullSoftenedVectorOfEachRequestedAttribute() throws IOException {
        Path table = folder.resolve("table");

        assertThat(faces(
                        "--attributes",
                        "colour,number",
                        "--soft-labels",
                        "--temperature",
                        "4",
                        "--faces-table",
                        table.toString()))
                .isZero();

        Row face = facesOf("one").get(0);
        Map<String, byte[]> soft = face.getJavaMap(face.fieldIndex("soft_labels"));
        // scores of 1 and -1: e / (e + 2 / e) = 0.78699, e^-1 / (e + 2 / e) = 0.10651; a half has eleven bits
        assertThat(soft).containsOnlyKeys("colour", "number");
        assertThat(vector(soft, "colour")).containsExactly(new float[] {0.78699f, 0.10651f, 0.10651f}, within(4e-4f));
        assertThat(soft.get("number")).isEqualTo(soft.get("colour"));
        // the temperature of the soft labels does not change the face's own probability
        double red = 1 / (1 + 2 * Math.exp(-8));
        Map<String, Float> attributes = face.getJavaMap(face.fieldIndex("attributes"));
        assertThat(attributes.get("colour.red")).isCloseTo((float) red, within(1e-5f));
        assertThat(facesOf("none")).isEmpty();
        Row last = SPARK.read()
                .parquet(table.toString())
                .where("id = 'crowd' and face = 399")
                .head();
        assertThat(vector(last.getJavaMap(last.fieldIndex("soft_labels")), "colour"))
                .isEqualTo(vector(facesOf("crowd").get(399).getJavaMap(face.fieldIndex("soft_labels")), "colour"));
    }

    @Test
    void theTemperatureIsRecordedAndAnotherOneIsRejected() throws IOException {
        assertThat(faces("--attributes", "colour", "--soft-labels")).isZero();
        assertThat(record().path("settings").path("temperature").asText()).isEqualTo("1.0");
        Map<String, byte[]> soft =
                facesOf("one").get(0).getJavaMap(facesOf("one").get(0).fieldIndex("soft_labels"));
        assertThat(vector(soft, "colour")[0]).isCloseTo(0.99933f, within(5e-4f));

        assertThat(faces("--attributes", "colour", "--soft-labels", "--temperature", "2"))
                .isEqualTo(1);
        assertThat(messages).contains("--temperature 1.0").contains("--temperature 2.0");
        assertThat(faces("--attributes", "colour")).isEqualTo(1);
        assertThat(faces("--attributes", "colour", "--soft-labels", "--temperature", "1"))
                .isZero();
    }

    @Test
    void independentLabelsAreSoftenedOneByOneBesideThePackagesTemperature() throws IOException {
        rewrite("\"softmax\", \"labels\"", "\"sigmoid\", \"labels\"", "\"licence\"", "\"temperature\": 2, \"licence\"");

        assertThat(faces("--attributes", "colour", "--soft-labels", "--temperature", "2"))
                .isZero();

        Row face = facesOf("one").get(0);
        assertThat(vector(face.getJavaMap(face.fieldIndex("soft_labels")), "colour"))
                .containsExactly(new float[] {0.73106f, 0.26894f, 0.26894f}, within(4e-4f)); // 1 / (1 + e^-1)
        Map<String, Float> attributes = face.getJavaMap(face.fieldIndex("attributes"));
        assertThat(attributes.get("colour.red")).isCloseTo(0.880797f, within(1e-5f)); // 1 / (1 + e^-2)
    }

    /** The built-in package ends in a softmax. */
    @Test
    void theTemperatureAppliesToANetworkThatEndsInSoftmax() throws IOException {
        ModelProto.Builder graph = ModelProto.parseFrom(Files.readAllBytes(model.resolve("model.onnx"))).toBuilder();
        graph.getGraphBuilder()
                .addNode(TinyModels.node("Softmax", "shares", "logits"))
                .addOutput(TinyModels.value("shares", List.of("N", "3")));
        Files.write(model.resolve("model.onnx"), graph.build().toByteArray());
        rewrite(
                "\"logits\", \"attribute\": \"number\"",
                "\"shares\", \"attribute\": \"number\"",
                "\"expectation\", \"activation\": \"softmax\"",
                "\"expectation\"");

        assertThat(faces("--attributes", "number", "--soft-labels", "--temperature", "4"))
                .isZero();

        Row face = facesOf("one").get(0);
        assertThat(vector(face.getJavaMap(face.fieldIndex("soft_labels")), "number"))
                .containsExactly(new float[] {0.78699f, 0.10651f, 0.10651f}, within(4e-4f));
    }

    @Test
    void softLabelsOfASingleNumberAreRejected() throws IOException {
        ModelProto.Builder graph = ModelProto.parseFrom(Files.readAllBytes(model.resolve("model.onnx"))).toBuilder();
        graph.getGraphBuilder()
                .addNode(TinyModels.node("ReduceSum", "total", "embedding", "axes"))
                .addInitializer(TensorProto.newBuilder()
                        .setName("axes")
                        .setDataType(7)
                        .addDims(1)
                        .addInt64Data(1))
                .addOutput(TinyModels.value("total", List.of("N", "1")));
        Files.write(model.resolve("model.onnx"), graph.build().toByteArray());
        rewrite(
                "\"attributes\": [",
                "\"attributes\": [{\"name\": \"total\", \"attribute\": \"total\", \"kind\": \"value\"}, ");

        assertThat(faces("--attributes", "total", "--soft-labels")).isEqualTo(1);
        assertThat(messages).contains("--soft-labels needs --attributes with probabilities, got total");
        assertThat(faces("--attributes", "total,colour", "--soft-labels")).isZero();

        assertThat(messages).contains("No soft labels of total: a single number is its own target");
        Row face = facesOf("one").get(0);
        Map<String, byte[]> soft = face.getJavaMap(face.fieldIndex("soft_labels"));
        assertThat(soft).containsOnlyKeys("colour");
        assertThat(vector(soft, "colour")[0]).isCloseTo(0.99933f, within(5e-4f));
        assertThat(face.<String, Float>getJavaMap(face.fieldIndex("attributes")))
                .containsKey("total");
    }

    @Test
    void unsupportedSoftLabelsAreRejectedWithARemedy() {
        assertThat(faces("--soft-labels")).isEqualTo(1);
        assertThat(messages).contains("--soft-labels needs --attributes with probabilities, got none");
        assertThat(faces("--attributes", "colour.red,number", "--soft-labels")).isEqualTo(1);
        assertThat(messages).contains("--attributes names only colour.red; name the attribute before the dot");
        assertThat(faces("--attributes", "light", "--soft-labels", "--temperature", "2"))
                .isEqualTo(1);
        assertThat(messages).contains("its probabilities light come out of the operator Log");
        assertThat(faces("--attributes", "colour", "--soft-labels", "--temperature", "-1"))
                .isEqualTo(1);
        assertThat(messages).contains("--temperature must be above 0, got -1.0").doesNotContain("\tat ");
        assertThat(output).doesNotExist();
    }

    /** Replaces the first text of each pair with the second one in the manifest. */
    private void rewrite(String... pairs) throws IOException {
        String manifest = Files.readString(model.resolve("manifest.json"));
        for (int i = 0; i < pairs.length; i += 2) {
            assertThat(manifest).contains(pairs[i]);
            manifest = manifest.replace(pairs[i], pairs[i + 1]);
        }
        Map<String, byte[]> files = TinyModels.with(TinyFaceModels.attributes(1), "manifest.json", manifest);
        files = TinyModels.with(files, "model.onnx", Files.readAllBytes(model.resolve("model.onnx")));
        TinyModels.writeDirectory(model, TinyModels.listed(files));
    }

    private int faces(String... options) {
        List<String> line = new ArrayList<>(List.of(
                "faces",
                "--detector",
                detector.toString(),
                "--model",
                model.toString(),
                "--input",
                tar.toString(),
                "--output",
                output.toString()));
        line.addAll(Arrays.asList(options));
        JobRun run = JobRun.of(line.toArray());
        messages = run.output();
        return run.exit();
    }

    private List<Row> facesOf(String id) {
        Row row = SPARK.read()
                .parquet(output.toString())
                .where("id = '" + id + "'")
                .head();
        return row.getList(row.fieldIndex("faces"));
    }

    private static float[] vector(Map<String, byte[]> soft, String attribute) {
        return HalfFloat.decode(Objects.requireNonNull(soft.get(attribute), attribute));
    }

    private JsonNode record() throws IOException {
        return new ObjectMapper().readTree(output.resolve("_run/run.json").toFile());
    }
}
