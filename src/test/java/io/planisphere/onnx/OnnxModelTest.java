package io.planisphere.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.planisphere.model.TinyModels;
import io.planisphere.onnx.OnnxModel.Dim;
import io.planisphere.onnx.OnnxModel.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OnnxModelTest {
    private static final ModelProto GRAPH = TinyModels.graph("input", List.of("N", "3", "8", "8"), 3);

    @Test
    void inputsAndOutputsHaveNameTypeAndFixedOrSymbolicAxes() {
        OnnxModel model = read(GRAPH);

        assertThat(model.opset()).isEqualTo(13);
        assertThat(model.inputs())
                .containsExactly(new Tensor(
                        "input",
                        "FLOAT",
                        Optional.of(
                                List.of(new Dim.Symbolic("N"), new Dim.Fixed(3), new Dim.Fixed(8), new Dim.Fixed(8)))));
        assertThat(model.outputs()).extracting(Tensor::name).containsExactly("logits", "embedding");
        assertThat(model.output("embedding"))
                .hasValueSatisfying(output ->
                        assertThat(output.shape()).contains(List.of(new Dim.Symbolic("N"), new Dim.Fixed(3))));
        assertThat(model.output("probabilities")).isEmpty();
    }

    @Test
    void initializersListedAsInputsAreNotInputs() {
        ModelProto.Builder old = GRAPH.toBuilder();
        old.getGraphBuilder().addInput(TinyModels.value("weights", List.of("3", "3")));

        assertThat(read(old.build()).inputs()).extracting(Tensor::name).containsExactly("input");
    }

    @Test
    void theMakerOfAnOutputIsFoundThroughRenamingAndReshaping() {
        ModelProto.Builder ended = GRAPH.toBuilder();
        ended.getGraphBuilder()
                .addNode(TinyModels.node("Softmax", "softmax", "logits"))
                .addNode(TinyModels.node("Identity", "output", "softmax"))
                .addOutput(TinyModels.value("output", List.of("N", "3")));

        assertThat(read(ended.build()).makers())
                .containsEntry("output", "Softmax")
                .containsEntry("logits", "Gemm")
                .containsEntry("embedding", "GlobalAveragePool");
    }

    @Test
    void anUndeclaredShapeIsEmptyAndAZeroAxisIsFree() {
        ModelProto.Builder loose = GRAPH.toBuilder();
        loose.getGraphBuilder()
                .setOutput(
                        0,
                        ValueInfoProto.newBuilder()
                                .setName("logits")
                                .setType(TypeProto.newBuilder()
                                        .setTensorType(
                                                TypeProto.Tensor.newBuilder().setElemType(10))))
                .setOutput(1, TinyModels.value("embedding", List.of("0", "3")));

        assertThat(read(loose.build()).outputs())
                .containsExactly(
                        new Tensor("logits", "FLOAT16", Optional.empty()),
                        new Tensor("embedding", "FLOAT", Optional.of(List.of(new Dim.Symbolic(""), new Dim.Fixed(3)))));
    }

    @Test
    void invalidModelsAreRejected() {
        byte[] whole = GRAPH.toByteArray();
        for (byte[] bytes : List.of(
                new byte[0],
                "<html>404</html>".getBytes(StandardCharsets.US_ASCII),
                Arrays.copyOf(whole, whole.length / 2))) {
            assertThatThrownBy(() -> OnnxModel.read("model.onnx", bytes))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("model.onnx is no ONNX model (" + bytes.length + " bytes")
                    .hasMessageEndingWith("export the network to ONNX");
        }
    }

    @Test
    void aGitLfsPointerIsRecognised() {
        byte[] pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 17\n"
                .getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> OnnxModel.read("model.onnx", pointer))
                .hasMessage("model.onnx is a Git LFS pointer, not the model; fetch the file itself with git lfs pull");
    }

    private static OnnxModel read(ModelProto model) {
        return OnnxModel.read("model.onnx", model.toByteArray());
    }
}
