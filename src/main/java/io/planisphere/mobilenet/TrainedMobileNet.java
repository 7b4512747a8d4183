package io.planisphere.mobilenet;

import io.planisphere.mobilenet.GraphBackend.Linear;
import io.planisphere.onnx.FloatTensor;
import io.planisphere.onnx.OnnxGraphBuilder.Normalisation;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A network of the family with weights of matching shapes.
 *
 * @param classes number of classes
 * @param normalised weights of each convolution, by the layer's name
 * @param dense weights of each fully connected layer, by its name: {@link Architecture#LOGITS}, {@link Architecture#EMBEDDING} if
 *     it has a hidden layer, and those of squeeze-and-excite
 */
public record TrainedMobileNet(
        Architecture architecture, int classes, Map<String, Normalised> normalised, Map<String, Dense> dense) {

    /**
     * A convolution and its normalisation.
     *
     * @param kernel {@code [outputs, inputs / groups, kernel, kernel]}
     * @param norm {@code outputs} values each
     */
    public record Normalised(FloatTensor kernel, Normalisation norm) {}

    /**
     * A fully connected layer.
     *
     * @param weights {@code [outputs, inputs]}
     * @param bias {@code [outputs]}
     */
    public record Dense(FloatTensor weights, FloatTensor bias) {}

    public TrainedMobileNet {
        normalised = Map.copyOf(normalised);
        dense = Map.copyOf(dense);
        architecture.write(new Check(normalised, dense), classes);
    }

    /**
     * Returns the network as an ONNX file with batch norm folded into the convolutions: {@code input} [batch, 3, resolution,
     * resolution]; {@code logits} [batch, classes] and {@code embedding} [batch, embeddingWidth].
     */
    public byte[] toFoldedOnnx() {
        return new Graph(this, Graph.Norms.FOLDED).onnx();
    }

    /** Returns the same network with batch norm as separate operators, so that training can continue. */
    public byte[] toOnnx() {
        return new Graph(this, Graph.Norms.KEPT).onnx();
    }

    Normalised weights(Layer.Normalised layer) {
        return Objects.requireNonNull(normalised.get(layer.name()));
    }

    Dense weights(Linear layer) {
        return Objects.requireNonNull(dense.get(layer.name()));
    }

    /** Checks the shapes of weights against an architecture's layers. */
    private record Check(Map<String, Normalised> normalised, Map<String, Dense> dense) implements GraphBackend<String> {
        @Override
        public String photo(int resolution) {
            return "";
        }

        @Override
        public String normalised(Layer.Normalised layer, String input) {
            Normalised weights = there(layer.name(), normalised.get(layer.name()));
            checkShape(
                    "Kernel of " + layer.name(),
                    weights.kernel(),
                    layer.convolution().kernelShape());
            checkShape(
                    "Scale of " + layer.name(),
                    weights.norm().scale(),
                    layer.convolution().outputs());
            return "";
        }

        @Override
        public String squeezeExcite(Layer.SqueezeExcite layer, String input) {
            linear(layer.squeezing(), input);
            return linear(layer.exciting(), input);
        }

        @Override
        public String sum(String name, String left, String right) {
            return "";
        }

        @Override
        public String mean(String name, int channels, String input) {
            return "";
        }

        @Override
        public String linear(Linear layer, String input) {
            Dense weights = there(layer.name(), dense.get(layer.name()));
            checkShape("Weights of " + layer.name(), weights.weights(), layer.outputs(), layer.inputs());
            checkShape("Bias of " + layer.name(), weights.bias(), layer.outputs());
            return "";
        }

        private static <T> T there(String layer, @Nullable T weights) {
            if (weights == null) {
                throw new IllegalArgumentException("There are no weights for layer " + layer);
            }
            return weights;
        }

        private static void checkShape(String what, FloatTensor tensor, long... expected) {
            if (!Arrays.equals(tensor.shape(), expected)) {
                throw new IllegalArgumentException("%s must have shape %s, got %s"
                        .formatted(what, Arrays.toString(expected), Arrays.toString(tensor.shape())));
            }
        }
    }
}
