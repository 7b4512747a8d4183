package io.planisphere.quantize;

/**
 * Weights in 8 bits, symmetric, a scale per output channel: weight = scale · integer. The bias is in 32 bits, in steps of input scale
 * times weight scale, as integer kernels add it.
 *
 * @param scales one per output channel
 */
@SuppressWarnings("ArrayRecordComponent") // written out at once, never compared
record LayerWeights(byte[] weights, float[] scales, int[] bias) {
    /** Room in 32 bits for the products that the bias is added to. */
    private static final double LARGEST_BIAS = 1L << 29;

    /**
     * Rounds weights, and moves the bias by what rounding changes in the mean, given the means of the inputs (Nagel et al.,
     * Data-Free Quantization Through Weight Equalization and Bias Correction, ICCV 2019, section 4.2).
     *
     * @param means of the inputs, one per channel
     * @param inputScale of the layer's input
     * @param limit largest integer
     */
    static LayerWeights round(
            float[] weights,
            double[] bias,
            LayerShape shape,
            Rounding rounding,
            double[] means,
            double inputScale,
            int limit) {
        double[] scales = scales(weights, bias, shape, inputScale, limit);
        byte[] rounded = new byte[weights.length];
        int perOutput = weights.length / bias.length;
        double[] exact = new double[perOutput];
        byte[] integers = new byte[perOutput];
        int[] biases = new int[bias.length];
        float[] floats = new float[bias.length];
        for (int c = 0; c < bias.length; c++) {
            for (int k = 0; k < perOutput; k++) {
                exact[k] = weights[shape.index(c, k)];
            }
            double[] lost = rounding.round(exact, scales[c], limit, integers);
            double corrected = bias[c];
            for (int k = 0; k < perOutput; k++) {
                int index = shape.index(c, k);
                rounded[index] = integers[k];
                corrected += lost[k] * means[shape.input(index)];
            }
            floats[c] = (float) scales[c];
            biases[c] = (int) Math.rint(corrected / (inputScale * scales[c]));
        }
        return new LayerWeights(rounded, floats, biases);
    }

    private static double[] scales(float[] weights, double[] bias, LayerShape shape, double inputScale, int limit) {
        double[] scales = new double[bias.length];
        for (int i = 0; i < weights.length; i++) {
            int channel = shape.output(i);
            scales[channel] = Math.max(scales[channel], Math.abs((double) weights[i]) / limit);
        }
        for (int c = 0; c < scales.length; c++) {
            // a channel without weights still has its bias
            scales[c] = Math.max(scales[c], Math.abs(bias[c]) / (inputScale * LARGEST_BIAS));
            scales[c] = (float) Math.max(scales[c], 1e-30);
        }
        return scales;
    }
}
