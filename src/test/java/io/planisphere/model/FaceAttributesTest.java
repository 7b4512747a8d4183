package io.planisphere.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.planisphere.model.FaceAttributes.Alignment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests packages with task attributes: their content, and the messages for errors in it. */
class FaceAttributesTest {
    private static final String LABELS = "\"labels\": [\"red\", \"green\", \"blue\"]";

    private final Path folder;

    FaceAttributesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void thePackageNamesItsAttributesAndItsMargin() {
        FaceAttributes attributes = open(TinyFaceModels.attributes(1.25)).attributes();

        assertThat(attributes.margin()).hasValue(1.25);
        assertThat(attributes.names())
                .containsExactly(
                        "colour",
                        "colour.red",
                        "colour.green",
                        "colour.blue",
                        "number",
                        "light",
                        "light.red",
                        "light.green",
                        "light.blue");
    }

    /** The labels of a network trained on CelebA. */
    @Test
    void fortyLabelsOfOneSigmoidHeadAreOneAttribute() {
        String forty =
                IntStream.range(0, 40).mapToObj(k -> "\"Label_" + k + "\"").collect(Collectors.joining(", "));
        String json = """
                {"task": "attributes", "outputs": {"attributes": [
                  {"name": "logits", "attribute": "celeba", "kind": "labels", "labels": [%s], "activation": "sigmoid"}]}}
                """.formatted(forty);
        JsonObject manifest = JsonObject.parse("manifest.json", json.getBytes(StandardCharsets.UTF_8));

        AttributeHead head = FaceAttributes.of(manifest).heads().get(0);

        assertThat(head.keys()).hasSize(40).contains("celeba.Label_31");
        assertThat(head.activation()).isEqualTo(Activation.SIGMOID);
    }

    @Test
    void headsMustMatchTheGraph() {
        refused(
                LABELS,
                "\"labels\": [\"red\", \"green\"]",
                "manifest.json: attribute colour has 2 labels; give it one label per value, since output logits has"
                        + " width 3");
        refused(
                "{\"name\": \"light\"",
                "{\"name\": \"lamp\"",
                "manifest.json names output lamp but model.onnx has logits, embedding, light; fix outputs.attributes.name");
        refused(
                "\"expectation\", \"activation\": \"softmax\"",
                "\"value\", \"activation\": \"none\"",
                "manifest.json: attribute number is a value; name an output with one, since output logits has width 3");
    }

    @Test
    void headsMustMatchEachOtherAndTheirKind() {
        refused(
                "\"attribute\": \"number\"",
                "\"attribute\": \"colour\"",
                "outputs.attributes[1].attribute (\"colour\") stands twice; give each attribute a name of its own");
        refused(
                "\"attribute\": \"number\"",
                "\"attribute\": \"a.b\"",
                "outputs.attributes[1].attribute (\"a.b\") must be a name without dots, commas and spaces");
        refused(
                "\"expectation\", \"activation\": \"softmax\"",
                "\"expectation\", \"activation\": \"sigmoid\"",
                "must be softmax or none for an expectation, whose probabilities sum to 1");
        refused(
                LABELS,
                "\"labels\": [\"red\", \"green\", \"red\"]",
                "outputs.attributes[0].labels ([\"red\",\"green\",\"red\"]) must hold one label at least, and each once");
        refused("\"margin\": 1.0", "\"margin\": 0", "face.margin (0) must be above 0 and at most 10");
    }

    @Test
    void aPackageCanRequireAlignedFaces() {
        FaceAttributes either =
                open(face("{\"margin\": 1.5, \"align\": \"arcface\"}")).attributes();
        FaceAttributes only = open(face("{\"align\": \"arcface\"}")).attributes();

        assertThat(either).extracting("alignment").isEqualTo(Alignment.ARCFACE);
        assertThat(either.margin()).hasValue(1.5);
        assertThat(only.margin()).isEmpty();
        refused("{\"margin\": 1.0}", "{\"align\": \"eyes\"}", "face.align (\"eyes\")");
    }

    @Test
    void alignedFacesMustBeSquare() throws IOException {
        Map<String, byte[]> files = face("{\"align\": \"arcface\"}");
        ModelProto.Builder graph = ModelProto.parseFrom(TinyModels.bytes(files, "model.onnx")).toBuilder();
        graph.getGraphBuilder().setInput(0, TinyModels.value("input", List.of("N", "3", "8", "16")));
        Map<String, byte[]> oblong =
                TinyModels.with(files, "model.onnx", graph.build().toByteArray());
        String wide = TinyModels.PREPROCESSOR.replace("\"width\": 8", "\"width\": 16");

        assertThatThrownBy(() -> open(TinyModels.listed(TinyModels.with(oblong, "preprocessor_config.json", wide))))
                .hasMessageContaining(
                        "preprocessor_config.json gives faces of 16 x 8 pixels but manifest.json aligns them,"
                                + " which needs a square");
    }

    private static Map<String, byte[]> face(String json) {
        Map<String, byte[]> files = TinyFaceModels.attributes(1.0);
        return TinyModels.with(
                files, "manifest.json", TinyModels.text(files, "manifest.json").replace("{\"margin\": 1.0}", json));
    }

    /** Opening the session checks golden values by ONNX Runtime in Python. */
    @Test
    void theBuiltInNetworkPredictsAgeAndGender() {
        ModelPackage model = ModelPackage.open("builtin:face-attributes", new Configuration(false));

        assertThat(model.task()).isEqualTo(Task.ATTRIBUTES);
        assertThat(model.attributes().margin()).hasValue(1.1);
        assertThat(model.attributes().names()).containsExactly("age", "gender");
        assertThat(model.embedding()).isPresent();
        assertThat(model.goldens()).hasSize(2);
    }

    private void refused(String what, String by, String message) {
        Map<String, byte[]> files = TinyFaceModels.attributes(1.0);
        String manifest = TinyModels.text(files, "manifest.json");
        assertThat(manifest).contains(what);
        int at = manifest.indexOf(what);
        String changed = manifest.substring(0, at) + by + manifest.substring(at + what.length());
        assertThatThrownBy(() -> open(TinyModels.with(files, "manifest.json", changed)))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining(message);
    }

    private ModelPackage open(Map<String, byte[]> files) {
        try {
            return ModelPackage.open(TinyModels.writeDirectory(folder, files).toString(), new Configuration(false));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
