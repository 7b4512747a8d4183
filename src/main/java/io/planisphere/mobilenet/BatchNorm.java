package io.planisphere.mobilenet;

import io.planisphere.onnx.FloatTensor;

/**
 * What batch normalisation learnt, one value per channel: {@code (x − mean) / √(variance + epsilon) · scale + shift}.
 *
 * @param scale γ
 * @param shift β
 * @param mean running mean
 * @param variance running variance
 * @param epsilon keeps the root away from zero; 0.001 in TF-slim
 */
public record BatchNorm(FloatTensor scale, FloatTensor shift, FloatTensor mean, FloatTensor variance, double epsilon) {

    /** The kernel {@code [outputs, …]} that does the convolution and the normalisation at once, but for the bias. */
    FloatTensor foldedKernel(FloatTensor kernel) {
        float[] values = kernel.values();
        double[] factors = factors();
        int perOutput = values.length / factors.length;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * factors[i / perOutput]);
        }
        return FloatTensor.of(values, kernel.shape());
    }

    /** The bias that goes with {@link #foldedKernel}. */
    FloatTensor foldedBias() {
        double[] factors = factors();
        float[] bias = shift.values();
        float[] means = mean.values();
        for (int i = 0; i < bias.length; i++) {
            bias[i] = (float) (bias[i] - means[i] * factors[i]);
        }
        return FloatTensor.of(bias, bias.length);
    }

    private double[] factors() {
        float[] scales = scale.values();
        float[] variances = variance.values();
        double[] factors = new double[scales.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = scales[i] / Math.sqrt(variances[i] + epsilon);
        }
        return factors;
    }
}
