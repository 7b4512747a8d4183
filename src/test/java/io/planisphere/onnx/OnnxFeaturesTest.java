package io.planisphere.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.planisphere.model.TinyModels;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxFeaturesTest {
    private static final List<String> PHOTOS = List.of("N", "3", "8", "8");

    @Test
    void theInputOfTheLastLayerBecomesAnOutput() {
        OnnxFeatures features = OnnxFeatures.of(classifier(), "logits").orElseThrow();

        assertThat(features.output()).isEqualTo("embedding");
        assertThat(OnnxModel.read("model.onnx", features.network()).outputs())
                .extracting(OnnxModel.Tensor::name)
                .containsExactly("logits", "embedding");
    }

    @Test
    void anActivationAndABiasAfterTheLayerAreSkipped() {
        ModelProto.Builder model = parsed();
        model.getGraphBuilder()
                .addNode(TinyModels.node("Add", "biased", "logits", "weights"))
                .addNode(TinyModels.node("Softmax", "probabilities", "biased"))
                .addOutput(TinyModels.value("probabilities", List.of("N", "4")));

        assertThat(OnnxFeatures.of(model.build().toByteArray(), "probabilities"))
                .map(OnnxFeatures::output)
                .contains("embedding");
    }

    @Test
    void scoresWithoutALayerHaveNoFeatures() {
        ModelProto.Builder model = parsed();
        model.getGraphBuilder().addNode(NodeProto.newBuilder(TinyModels.node("Exp", "odds", "logits")));

        assertThat(OnnxFeatures.of(model.build().toByteArray(), "odds")).isEmpty();
        assertThat(OnnxFeatures.of(classifier(), "input")).isEmpty();
    }

    private static byte[] classifier() {
        return parsed().build().toByteArray();
    }

    /** Returns a classifier whose only output is its logits. */
    private static ModelProto.Builder parsed() {
        ModelProto.Builder model = TinyModels.graph("input", PHOTOS, 4).toBuilder();
        model.getGraphBuilder().removeOutput(1);
        return model;
    }
}
