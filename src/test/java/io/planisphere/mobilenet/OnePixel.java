package io.planisphere.mobilenet;

import io.planisphere.mobilenet.TrainedMobileNet.Dense;
import io.planisphere.mobilenet.TrainedMobileNet.Normalised;
import io.planisphere.onnx.OnnxGraphBuilder.Normalisation;
import java.util.Objects;

/**
 * Computes a network independently, in doubles, on a photo of one pixel: every value is a vector, and a mean is the value
 * itself.
 */
record OnePixel(TrainedMobileNet network) {
    double[] embedding(float[] pixel) {
        double[] values = {pixel[0], pixel[1], pixel[2]};
        for (Block block : network.architecture().blocks()) {
            double[] last = values;
            for (Layer layer : block.layers()) {
                last = layer instanceof Layer.SqueezeExcite squeeze
                        ? scaled(squeeze.name(), last)
                        : normalised((Layer.Normalised) layer, last);
            }
            for (int i = 0; block.isResidual() && i < last.length; i++) {
                last[i] += values[i];
            }
            values = last;
        }
        return network.architecture().hidden().isPresent()
                ? followed(Nonlinearity.HARD_SWISH, dense("embedding", values))
                : values;
    }

    double[] logits(double[] embedding) {
        return dense("logits", embedding);
    }

    private double[] scaled(String name, double[] values) {
        double[] squeezed = followed(Nonlinearity.RELU, dense(name + ".squeeze", values));
        double[] excited = dense(name + ".excite", squeezed);
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i] * Math.min(Math.max(excited[i] + 3, 0), 6) / 6;
        }
        return out;
    }

    private double[] normalised(Layer.Normalised layer, double[] values) {
        Convolution convolution = layer.convolution();
        Normalised weights = network.weights(layer);
        float[] kernel = weights.kernel().values();
        int area = convolution.kernel() * convolution.kernel();
        int perGroup = convolution.inputs() / convolution.groups();
        Normalisation norm = weights.norm();
        double[] out = new double[convolution.outputs()];
        for (int o = 0; o < out.length; o++) {
            int firstInput = convolution.groups() == 1 ? 0 : o;
            for (int i = 0; i < perGroup; i++) {
                out[o] += kernel[(o * perGroup + i) * area + area / 2] * values[firstInput + i];
            }
            double normal = (out[o] - norm.mean().values()[o])
                    / Math.sqrt(norm.variance().values()[o] + norm.epsilon());
            out[o] = normal * norm.scale().values()[o] + norm.shift().values()[o];
        }
        return followed(layer.nonlinearity(), out);
    }

    private double[] dense(String name, double[] values) {
        Dense layer = Objects.requireNonNull(network.dense().get(name));
        float[] weights = layer.weights().values();
        float[] bias = layer.bias().values();
        double[] out = new double[bias.length];
        for (int o = 0; o < out.length; o++) {
            out[o] = bias[o];
            for (int i = 0; i < values.length; i++) {
                out[o] += weights[o * values.length + i] * values[i];
            }
        }
        return out;
    }

    private static double[] followed(Nonlinearity nonlinearity, double[] values) {
        double[] out = values.clone();
        for (int i = 0; i < out.length; i++) {
            out[i] = switch (nonlinearity) {
                case NONE -> values[i];
                case RELU -> Math.max(values[i], 0);
                case RELU6 -> Math.min(Math.max(values[i], 0), 6);
                case HARD_SWISH -> values[i] * Math.min(Math.max(values[i] + 3, 0), 6) / 6;
            };
        }
        return out;
    }
}
