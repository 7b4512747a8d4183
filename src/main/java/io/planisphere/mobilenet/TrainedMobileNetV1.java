package io.planisphere.mobilenet;

import io.planisphere.onnx.FloatTensor;
import io.planisphere.onnx.OnnxGraphBuilder;
import java.util.Arrays;
import java.util.List;

/**
 * A MobileNet V1 with its weights.
 *
 * @param shape the network
 * @param body the weights of {@link MobileNetV1#body()}, in its order
 * @param head {@code [classes, embeddingWidth]}
 * @param headBias {@code [classes]}
 */
public record TrainedMobileNetV1(MobileNetV1 shape, List<Layer> body, FloatTensor head, FloatTensor headBias) {

    /**
     * One layer's weights.
     *
     * @param kernel {@code [outputs, inputs / groups, kernel, kernel]}
     * @param norm what follows the convolution, {@code outputs} values each
     */
    public record Layer(FloatTensor kernel, BatchNorm norm) {}

    public TrainedMobileNetV1 {
        body = List.copyOf(body);
        List<Convolution> convolutions = shape.body();
        if (body.size() != convolutions.size()) {
            throw new IllegalArgumentException(
                    "The body has %d convolutions, got weights for %d".formatted(convolutions.size(), body.size()));
        }
        for (int i = 0; i < body.size(); i++) {
            checkShape("Kernel " + i, body.get(i).kernel(), convolutions.get(i).kernelShape());
        }
        checkShape("Head", head, headBias.shape()[0], shape.embeddingWidth());
    }

    /**
     * The network as an ONNX file with batch norm folded into the convolutions: {@code input} [batch, 3, resolution,
     * resolution]; {@code logits} [batch, classes] and {@code embedding} [batch, embeddingWidth].
     */
    public byte[] toOnnx() {
        OnnxGraphBuilder graph = new OnnxGraphBuilder("mobilenet_v1");
        String value = graph.input("input", 3, shape.resolution(), shape.resolution());
        List<Convolution> convolutions = shape.body();
        for (int i = 0; i < body.size(); i++) {
            Convolution convolution = convolutions.get(i);
            BatchNorm norm = body.get(i).norm();
            String name = "conv" + i;
            value = graph.convolution(
                    name,
                    value,
                    norm.foldedKernel(body.get(i).kernel()),
                    norm.foldedBias(),
                    convolution.stride(),
                    convolution.padding(),
                    convolution.groups());
            value = graph.relu(name + ".relu", value);
        }
        String embedding = graph.flatten("embedding", graph.globalAveragePool("mean", value));
        String logits = graph.linear("logits", embedding, head, headBias);
        return graph.output(logits, headBias.shape())
                .output(embedding, shape.embeddingWidth())
                .toBytes();
    }

    private static void checkShape(String what, FloatTensor tensor, long... expected) {
        if (!Arrays.equals(tensor.shape(), expected)) {
            throw new IllegalArgumentException("%s must have shape %s, got %s"
                    .formatted(what, Arrays.toString(expected), Arrays.toString(tensor.shape())));
        }
    }
}
