package io.planisphere.quantize;

import java.util.stream.IntStream;

/**
 * Weights in 8 bits, symmetric, a scale per output channel: weight = scale · integer. The bias is in floats still.
 *
 * @param shape of the weights
 * @param scales one per output channel
 */
@SuppressWarnings("ArrayRecordComponent") // written out at once, never compared
record LayerWeights(LayerShape shape, byte[] weights, float[] scales, double[] bias) {
    /** Room in 32 bits for the products that the bias is added to. */
    private static final double LARGEST_BIAS = 1L << 29;

    /**
     * Rounds weights, and moves the bias so that what the layer makes is as large in the mean as in floats (as Nagel et al., Data-Free
     * Quantization Through Weight Equalization and Bias Correction, ICCV 2019, section 4.2).
     *
     * @param weights in floats
     * @param means of the layer's outputs in floats, one per channel; empty if they are not known, and then the bias stays
     * @param inputs of the layer, in the units that its weights are for
     * @param inputScale of the layer's input
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

    /** What a weight stands for. */
    double restored(int index) {
        return weights[index] * (double) scales[shape.output(index)];
    }

    /** The bias in steps of input scale times weight scale, as integer kernels add it. */
    int[] countedBias(double[] shifts, double inputScale) {
        int[] counted = new int[bias.length];
        for (int c = 0; c < counted.length; c++) {
            counted[c] = (int) Math.rint((bias[c] + shifts[c]) / (inputScale * scales[c]));
        }
        return counted;
    }
}
