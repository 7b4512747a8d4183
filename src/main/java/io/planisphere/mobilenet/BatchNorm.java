package io.planisphere.mobilenet;

import io.planisphere.onnx.FloatTensor;
import io.planisphere.onnx.OnnxGraphBuilder.Normalisation;

/** Folds batch normalisation into the convolution before it. */
final class BatchNorm {
    private BatchNorm() {}

    /** Returns the kernel {@code [outputs, …]} of convolution and normalisation combined, without the bias. */
    static FloatTensor foldedKernel(FloatTensor kernel, Normalisation norm) {
        float[] values = kernel.values();
        double[] factors = factors(norm);
        int perOutput = values.length / factors.length;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * factors[i / perOutput]);
        }
        return FloatTensor.of(values, kernel.shape());
    }

    /** Returns the bias for {@link #foldedKernel}. */
    static FloatTensor foldedBias(Normalisation norm) {
        double[] factors = factors(norm);
        float[] bias = norm.shift().values();
        float[] means = norm.mean().values();
        for (int i = 0; i < bias.length; i++) {
            bias[i] = (float) (bias[i] - means[i] * factors[i]);
        }
        return FloatTensor.of(bias, bias.length);
    }

    private static double[] factors(Normalisation norm) {
        float[] scales = norm.scale().values();
        float[] variances = norm.variance().values();
        double[] factors = new double[scales.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = scales[i] / Math.sqrt(variances[i] + norm.epsilon());
        }
        return factors;
    }
}
