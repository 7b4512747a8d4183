package io.planisphere.quantize;

import java.io.Serializable;

/** How a value's channels vary together, told from some positions of each photo. */
final class Covariance implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Positions per photo: neighbours are much alike, and more would take longer than the network itself. */
    private static final int POSITIONS = 32;

    private final int channels;
    private final double[] products;
    private final double[] sums;
    private long samples;

    Covariance(int channels) {
        this.channels = channels;
        products = new double[channels * channels];
        sums = new double[channels];
    }

    /** @param values of one photo, channels first */
    void add(float[] values, long photo) {
        int plane = values.length / channels;
        int count = Math.min(plane, POSITIONS);
        double[] sample = new double[channels];
        for (int k = 0; k < count; k++) {
            int at = (int) ((k * (long) plane / count + photo * 7919) % plane);
            for (int c = 0; c < channels; c++) {
                sample[c] = values[c * plane + at];
                sums[c] += sample[c];
            }
            for (int i = 0; i < channels; i++) {
                double value = sample[i];
                if (value != 0) {
                    for (int j = 0, cell = i * channels; j <= i; j++, cell++) {
                        products[cell] += value * sample[j];
                    }
                }
            }
        }
        samples += count;
    }

    void add(Covariance other) {
        for (int i = 0; i < products.length; i++) {
            products[i] += other.products[i];
        }
        for (int c = 0; c < channels; c++) {
            sums[c] += other.sums[c];
        }
        samples += other.samples;
    }

    /** Of the value with each channel multiplied by a factor: {@code [channels][channels]}. */
    double[][] matrix(double[] factors) {
        double[][] matrix = new double[channels][channels];
        for (int i = 0; i < channels; i++) {
            for (int j = 0; j <= i; j++) {
                double apart = products[i * channels + j] / samples - sums[i] / samples * (sums[j] / samples);
                matrix[i][j] = apart * factors[i] * factors[j];
                matrix[j][i] = matrix[i][j];
            }
        }
        return matrix;
    }
}
