package io.planisphere.quantize;

import java.io.Serializable;

/** The covariance of a value's channels within each block of channels, estimated from some positions of each photo. */
final class Covariance implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Positions per photo: neighbouring positions are similar, and more would take longer than the network itself. */
    private static final int POSITIONS = 32;
    /** Positions per photo for blocks of few channels, where more cost little. */
    private static final int POSITIONS_OF_NARROW_BLOCKS = 128;

    private static final int NARROW = 64;

    private final int channels;
    private final int size;
    private final double[][] products;
    private final double[] sums;
    private long samples;

    /** @param blocks number of blocks of channels of equal size */
    Covariance(int channels, int blocks) {
        this.channels = channels;
        size = channels / blocks;
        products = new double[blocks][size * size];
        sums = new double[channels];
    }

    /** @param values values of one photo, channels first */
    void add(float[] values, long photo) {
        int plane = values.length / channels;
        int count = Math.min(plane, size <= NARROW ? POSITIONS_OF_NARROW_BLOCKS : POSITIONS);
        double[] sample = new double[channels];
        for (int k = 0; k < count; k++) {
            int at = (int) ((k * (long) plane / count + photo * 7919) % plane);
            for (int c = 0; c < channels; c++) {
                sample[c] = values[c * plane + at];
                sums[c] += sample[c];
            }
            for (int block = 0; block < products.length; block++) {
                add(sample, block);
            }
        }
        samples += count;
    }

    private void add(double[] sample, int block) {
        double[] sum = products[block];
        int first = block * size;
        for (int i = 0; i < size; i++) {
            double value = sample[first + i];
            if (value != 0) {
                for (int j = 0, cell = i * size; j <= i; j++, cell++) {
                    sum[cell] += value * sample[first + j];
                }
            }
        }
    }

    void add(Covariance other) {
        for (int block = 0; block < products.length; block++) {
            for (int i = 0; i < products[block].length; i++) {
                products[block][i] += other.products[block][i];
            }
        }
        for (int c = 0; c < channels; c++) {
            sums[c] += other.sums[c];
        }
        samples += other.samples;
    }

    /**
     * Returns the covariance matrix of one block, with each channel divided by a factor.
     *
     * @param divisors one divisor per channel of the block
     * @return square matrix, one row per channel of the block
     */
    double[][] matrix(int block, double[] divisors) {
        double[][] matrix = new double[size][size];
        int first = block * size;
        for (int i = 0; i < size; i++) {
            for (int j = 0; j <= i; j++) {
                double apart = products[block][i * size + j] / samples
                        - sums[first + i] / samples * (sums[first + j] / samples);
                matrix[i][j] = apart / divisors[i] / divisors[j];
                matrix[j][i] = matrix[i][j];
            }
        }
        return matrix;
    }
}
