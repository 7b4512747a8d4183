package io.planisphere.mobilenet;

import io.planisphere.mobilenet.GraphBackend.Linear;
import io.planisphere.mobilenet.TrainedMobileNet.Dense;
import io.planisphere.mobilenet.TrainedMobileNet.Normalised;
import io.planisphere.onnx.FloatTensor;
import io.planisphere.onnx.OnnxGraphBuilder.Normalisation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Initial weights for training: normally distributed, with a variance that preserves the variance of values from layer to layer
 * (He et al., arXiv 1502.01852), and an identity batch norm. A layer's weights depend only on the seed and its name, so the same
 * seed gives byte-identical weights on every machine.
 */
public final class SeededWeights implements GraphBackend<String> {
    private static final double EPSILON = 1e-3;

    private final long seed;
    private final Map<String, Normalised> normalised = new LinkedHashMap<>();
    private final Map<String, Dense> dense = new LinkedHashMap<>();

    private SeededWeights(long seed) {
        this.seed = seed;
    }

    public static TrainedMobileNet of(Architecture architecture, int classes, long seed) {
        SeededWeights weights = new SeededWeights(seed);
        architecture.write(weights, classes);
        return new TrainedMobileNet(architecture, classes, weights.normalised, weights.dense);
    }

    @Override
    public String photo(int resolution) {
        return "";
    }

    @Override
    public String normalised(Layer.Normalised layer, String input) {
        Convolution convolution = layer.convolution();
        long[] shape = convolution.kernelShape();
        long terms = shape[1] * shape[2] * shape[3];
        FloatTensor kernel = normal(layer.name(), gain(layer.nonlinearity()) / terms, shape);
        int channels = convolution.outputs();
        Normalisation norm = new Normalisation(
                filled(1, channels), filled(0, channels), filled(0, channels), filled(1, channels), EPSILON);
        normalised.put(layer.name(), new Normalised(kernel, norm));
        return layer.name();
    }

    @Override
    public String squeezeExcite(Layer.SqueezeExcite layer, String input) {
        return linear(layer.exciting(), linear(layer.squeezing(), input));
    }

    @Override
    public String sum(String name, String left, String right) {
        return name;
    }

    @Override
    public String mean(String name, int channels, String input) {
        return name;
    }

    @Override
    public String linear(Linear layer, String input) {
        double variance = gain(layer.nonlinearity()) / layer.inputs();
        FloatTensor weights = normal(layer.name(), variance, layer.outputs(), layer.inputs());
        dense.put(layer.name(), new Dense(weights, filled(0, layer.outputs())));
        return layer.name();
    }

    /** Returns the gain that compensates for the half that a rectifier drops. */
    private static double gain(Nonlinearity nonlinearity) {
        return nonlinearity == Nonlinearity.NONE ? 1 : 2;
    }

    private FloatTensor normal(String layer, double variance, long... shape) {
        int size = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
        Random random = new Random(31 * seed + layer.hashCode());
        double deviation = Math.sqrt(variance);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return FloatTensor.of(values, shape);
    }

    private static FloatTensor filled(float value, int length) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return FloatTensor.of(values, length);
    }
}
