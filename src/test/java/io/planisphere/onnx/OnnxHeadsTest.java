package io.planisphere.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import io.planisphere.model.TinyModels;
import io.planisphere.onnx.OnnxHeads.Head;
import io.planisphere.onnx.OnnxModel.Dim;
import io.planisphere.onnx.OnnxModel.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnnxHeadsTest {
    private static final Head COARSE = new Head(
            "coarse", FloatTensor.of(new float[] {1, 0, 0, 0, 10, 0}, 2, 3), FloatTensor.of(new float[] {.5f, -1}, 2));
    private static final Head FINE = new Head(
            "logits",
            FloatTensor.of(new float[] {0, 0, 1, 1, 1, 1, -2, 0, 0, 0, 0, 0}, 4, 3),
            FloatTensor.of(new float[] {0, 0, 0, 7}, 4));

    // two photos of 1 x 1 pixel, so that the embedding is the pixel
    private static final float[] PHOTOS = {1, 2, 3, -4, 5, 6};

    @Test
    void headsAreLinearLayersThatReplaceTheOldOutputs() throws OrtException {
        byte[] fused = fuse(TinyModels.graph("input", List.of("N", "3", "1", "1"), 5), COARSE, FINE);

        Map<String, float[]> outputs = GraphRunner.run(fused, "input", PHOTOS, 2, 3, 1, 1);

        assertThat(outputs).containsOnlyKeys("embedding", "coarse", "logits");
        assertThat(outputs.get("embedding")).containsExactly(PHOTOS);
        assertThat(outputs.get("coarse")).containsExactly(1.5f, 19, -3.5f, 49);
        assertThat(outputs.get("logits")).containsExactly(3, 6, -2, 7, 6, 7, 8, 7);
    }

    @Test
    void operatorsOfTheOldOutputsAreRemoved() throws Exception {
        ModelProto.Builder network = TinyModels.graph("input", List.of("N", "3", "1", "1"), 5).toBuilder();
        network.getGraphBuilder()
                .addNode(TinyModels.node("Softmax", "probabilities", "logits"))
                .addValueInfo(TinyModels.value("probabilities", List.of("N", "5")))
                .addInput(TinyModels.value("weights", List.of("5", "3")))
                .addInput(TinyModels.value("unused", List.of("N")));

        GraphProto fused = ModelProto.parseFrom(fuse(network.build(), FINE)).getGraph();

        assertThat(fused.getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("GlobalAveragePool", "Flatten", "Gemm");
        assertThat(fused.getInitializerList())
                .extracting(TensorProto::getName)
                .containsExactly("logits_weights", "logits_bias");
        assertThat(fused.getInputList())
                .singleElement()
                .satisfies(input -> assertThat(input.getName()).isEqualTo("input"));
        assertThat(fused.getValueInfoList()).isEmpty();
    }

    @Test
    void theBatchAxisIsFreeOrFixedAsItWas() {
        for (String batch : List.of("N", "1")) {
            ModelProto.Builder network = TinyModels.graph("input", List.of(batch, "3", "1", "1"), 5).toBuilder();
            network.getGraphBuilder().setOutput(1, TinyModels.value("embedding", List.of(batch, "3")));

            OnnxModel fused = OnnxModel.read("model.onnx", fuse(network.build(), COARSE));

            Dim axis = batch.equals("N") ? new Dim.Symbolic("N") : new Dim.Fixed(1);
            assertThat(fused.inputs().get(0).shape().orElseThrow()).startsWith(axis);
            assertThat(fused.output("coarse").flatMap(Tensor::shape)).contains(List.of(axis, new Dim.Fixed(2)));
        }
    }

    @Test
    void embeddingsOfFourOrUndeclaredAxesAreFlattened() throws OrtException {
        ModelProto.Builder pooled = TinyModels.graph("input", List.of("N", "3", "1", "1"), 5).toBuilder();
        pooled.getGraphBuilder().setOutput(1, TinyModels.value("pooled", List.of("N", "3", "1", "1")));
        ModelProto.Builder silent = pooled.clone();
        silent.getGraphBuilder()
                .getOutputBuilder(1)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .clearShape();

        for (ModelProto.Builder network : List.of(pooled, silent)) {
            byte[] fused = OnnxHeads.fuse("model.onnx", network.build().toByteArray(), "pooled", List.of(COARSE));

            assertThat(GraphRunner.run(fused, "input", PHOTOS, 2, 3, 1, 1).get("coarse"))
                    .containsExactly(1.5f, 19, -3.5f, 49);
            assertThat(OnnxModel.read("model.onnx", fused).output("coarse").flatMap(Tensor::shape))
                    .hasValueSatisfying(shape -> assertThat(shape.get(0)).isInstanceOf(Dim.Symbolic.class));
        }
    }

    @Test
    void nameConflictsWithTheNetworkAreAvoidedOrRejected() throws OrtException {
        ModelProto.Builder network = TinyModels.graph("input", List.of("N", "3", "1", "1"), 5).toBuilder();
        network.getGraphBuilder().setNode(0, TinyModels.node("GlobalAveragePool", "coarse_bias", "input"));
        network.getGraphBuilder().setNode(1, TinyModels.node("Flatten", "embedding", "coarse_bias"));

        byte[] fused = fuse(network.build(), COARSE);

        assertThat(GraphRunner.run(fused, "input", PHOTOS, 2, 3, 1, 1).get("coarse"))
                .containsExactly(1.5f, 19, -3.5f, 49);
        Head taken = new Head("coarse_bias", COARSE.weights(), COARSE.bias());
        assertThatThrownBy(() -> fuse(network.build(), taken))
                .hasMessage("model.onnx has a value called coarse_bias already; call the head otherwise");
    }

    @Test
    void networksThatDoNotFitAHeadAreRejected() {
        ModelProto network = TinyModels.graph("input", List.of("N", "3", "1", "1"), 5);
        Head wide = new Head("wide", FloatTensor.of(new float[8], 2, 4), FloatTensor.of(new float[2], 2));
        ModelProto.Builder old = network.toBuilder();
        old.getOpsetImportBuilder(0).setVersion(6);

        assertThatThrownBy(() -> fuse(network, wide))
                .hasMessage("model.onnx gives embedding with 3 values but head wide takes 4; fit it on this network");
        assertThatThrownBy(() -> OnnxHeads.fuse("model.onnx", network.toByteArray(), "features", List.of(COARSE)))
                .hasMessage("model.onnx has no output features but logits, embedding; name the embedding's");
        assertThatThrownBy(() -> fuse(old.build(), COARSE))
                .hasMessage("model.onnx uses operator set 6; export it with 7 or newer to put heads on it");
        assertThatThrownBy(() -> new Head("odd", COARSE.weights(), FINE.bias()))
                .hasMessage("Head odd needs weights [classes, width] and a bias [classes]");
    }

    private static byte[] fuse(ModelProto network, Head... heads) {
        return OnnxHeads.fuse("model.onnx", network.toByteArray(), "embedding", List.of(heads));
    }
}
