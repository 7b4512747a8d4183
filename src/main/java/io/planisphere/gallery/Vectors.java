package io.planisphere.gallery;

import java.util.Arrays;

/** Embeddings as a gallery holds them: centred, of length 1, in 8 bits, with a code of one bit per value. */
final class Vectors {
    private static final int MOST = 127;

    private Vectors() {}

    /** Returns the number of 64-bit words of a code. */
    static int words(int width) {
        return (width + Long.SIZE - 1) / Long.SIZE;
    }

    /**
     * Writes an embedding less the mean, in 8 bits, and its code: bit i is set if value i is above the mean.
     *
     * @return what the 8-bit values are to be multiplied by for a vector of length 1; 0 for the mean itself
     */
    static float quantise(float[] embedding, float[] mean, byte[] values, long[] code) {
        double squares = 0;
        float largest = 0;
        for (int i = 0; i < mean.length; i++) {
            float value = embedding[i] - mean[i];
            squares += (double) value * value;
            largest = Math.max(largest, Math.abs(value));
        }
        Arrays.fill(code, 0);
        if (largest == 0) {
            Arrays.fill(values, (byte) 0);
            return 0;
        }
        float factor = MOST / largest;
        for (int i = 0; i < mean.length; i++) {
            float value = embedding[i] - mean[i];
            values[i] = (byte) Math.round(value * factor);
            if (value > 0) {
                code[i / Long.SIZE] |= 1L << (i % Long.SIZE);
            }
        }
        return (float) (1 / (Math.sqrt(squares) * factor));
    }

    static int dot(byte[] a, byte[] b) {
        int sum = 0; // at most 127² per value, so up to 133,000 values fit
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
