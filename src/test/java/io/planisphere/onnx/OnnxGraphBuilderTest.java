package io.planisphere.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import io.planisphere.onnx.OnnxGraphBuilder.Kernel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OnnxGraphBuilderTest {

    @Test
    void aWrittenGraphComputesItsOperators() throws OrtException {
        OnnxGraphBuilder graph = new OnnxGraphBuilder("tiny");
        String image = graph.input("image", 1, 2, 2);
        // only the centre of the kernel is not zero, so each output is 2 · pixel − 3
        FloatTensor kernel = FloatTensor.of(new float[] {0, 0, 0, 0, 2, 0, 0, 0, 0}, 1, 1, 3, 3);
        String convolved =
                graph.convolution("conv", image, new Kernel(kernel, 1, 1, 1), FloatTensor.of(new float[] {-3}, 1));
        String features = graph.flatten("features", graph.globalAveragePool("mean", graph.relu("relu", convolved)));
        FloatTensor weights = FloatTensor.of(new float[] {10, 100}, 2, 1);
        String scores = graph.linear("scores", features, weights, FloatTensor.of(new float[] {1, 2}, 2));
        byte[] onnx = graph.output(scores, 2).output(features, 1).toBytes();

        float[] twoImages = {1, 2, 3, 4, 0, 0, 0, 2};
        Map<String, float[]> outputs = GraphRunner.run(onnx, "image", twoImages, 2, 1, 2, 2);

        // first image: relu(-1, 1, 3, 5), mean 2.25; second: relu(-3, -3, -3, 1), mean 0.25
        assertThat(outputs.get("features")).containsExactly(2.25f, 0.25f);
        assertThat(outputs.get("scores")).containsExactly(23.5f, 227, 3.5f, 27);
    }

    @Test
    void stridesSkipPixelsAndGroupsAreSeparate() throws OrtException {
        OnnxGraphBuilder graph = new OnnxGraphBuilder("depthwise");
        String image = graph.input("image", 2, 3, 3);
        FloatTensor kernel = FloatTensor.of(new float[] {1, 10}, 2, 1, 1, 1);
        String strided = graph.convolution("strided", image, new Kernel(kernel, 2, 0, 2));
        byte[] onnx = graph.output(strided, 2, 2, 2).toBytes();

        float[] planes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19};
        Map<String, float[]> outputs = GraphRunner.run(onnx, "image", planes, 1, 2, 3, 3);

        assertThat(outputs.get("strided")).containsExactly(1, 3, 7, 9, 110, 130, 170, 190);
    }

    @Test
    void aTensorWithTooFewValuesIsRejected() {
        assertThatThrownBy(() -> FloatTensor.of(new float[5], 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A tensor of shape [2, 3] holds 6 values, got 5");
    }
}
