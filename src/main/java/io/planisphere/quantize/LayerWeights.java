package io.planisphere.quantize;

import java.util.stream.IntStream;

/**
 * Symmetric 8-bit weights with a scale per output channel: weight = scale · integer. The bias is still in floats.
 *
 * @param shape shape of the weights
 * @param scales one scale per output channel
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LayerWeights(LayerShape shape, byte[] weights, float[] scales, double[] bias) {
    /** Largest quantised bias, which leaves room in 32 bits for the products that it is added to. */
    private static final double LARGEST_BIAS = 1L << 29;

    /**
     * Rounds weights, and corrects the bias so that the mean of the layer's output is the same as in floats (as in Nagel et al.,
     * Data-Free Quantization Through Weight Equalization and Bias Correction, ICCV 2019, section 4.2).
     *
     * @param weights weights in floats
     * @param means means of the layer's outputs in floats, one per channel; empty if unknown, which leaves the bias unchanged
     * @param inputs statistics of the layer's inputs, in the units of its weights
     * @param inputScale scale of the layer's input
     * @param limit largest integer
     */
    static LayerWeights round(
            float[] weights,
            double[] bias,
            LayerShape shape,
            double[] means,
            LayerInputs inputs,
            double inputScale,
            int limit) {
        byte[] integers = new byte[weights.length];
        float[] scales = new float[bias.length];
        double[] shifted = new double[bias.length];
        int perOutput = weights.length / bias.length;
        IntStream.range(0, bias.length).parallel().forEach(c -> {
            double[] exact = new double[perOutput];
            for (int k = 0; k < perOutput; k++) {
                exact[k] = weights[shape.index(c, k)];
            }
            int group = c / shape.outputsPerGroup();
            // a channel without weights still has its bias
            double least = Math.abs(bias[c]) / (inputScale * LARGEST_BIAS);
            Rounding.Rounded rounded = inputs.rounding(group).round(exact, least, limit);
            scales[c] = (float) rounded.scale();
            double[] restored = new double[perOutput];
            for (int k = 0; k < perOutput; k++) {
                integers[shape.index(c, k)] = rounded.integers()[k];
                restored[k] = rounded.integers()[k] * rounded.scale();
            }
            shifted[c] = means.length == 0 ? bias[c] : means[c] - inputs.mean(group, restored);
        });
        return new LayerWeights(shape, integers, scales, shifted);
    }

    /** Returns the dequantised weight. */
    double restored(int index) {
        return weights[index] * (double) scales[shape.output(index)];
    }

    /** Returns the bias in steps of input scale times weight scale, the unit of integer kernels. */
    int[] countedBias(double[] shifts, double inputScale) {
        int[] counted = new int[bias.length];
        for (int c = 0; c < counted.length; c++) {
            counted[c] = (int) Math.rint((bias[c] + shifts[c]) / (inputScale * scales[c]));
        }
        return counted;
    }
}
