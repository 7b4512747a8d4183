package io.planisphere.quantize;

/**
 * Rounds a layer's weights one input after the other, each time making up for the errors made so far as far as inputs vary
 * together: so that what the layer makes is right, rather than each weight (LDLQ in Chee et al., QuIP, NeurIPS 2023, section 3.1, which is
 * GPTQ's result by Frantar et al., ICLR 2023).
 */
final class Rounding {
    /** Of the mean variance, added to each: keeps the corrections small where inputs were hardly seen. */
    private static final double DAMPING = 0.01;

    // feedback[k][j], j < k: how much of input j's error input k makes up for
    private final double[][] feedback;

    private Rounding(double[][] feedback) {
        this.feedback = feedback;
    }

    /** Each weight to the nearest integer. */
    static Rounding nearest(int inputs) {
        return new Rounding(new double[inputs][0]);
    }

    /** @param covariance of the inputs; used up */
    static Rounding by(double[][] covariance) {
        int size = covariance.length;
        double mean = 0;
        for (int i = 0; i < size; i++) {
            mean += covariance[i][i] / size;
        }
        for (int i = 0; i < size; i++) {
            covariance[i][i] += DAMPING * mean + 1e-12;
        }
        return new Rounding(factor(covariance));
    }

    /** The strictly upper U of {@code H = (U + 1) D (U + 1)ᵀ}, transposed. */
    private static double[][] factor(double[][] h) {
        int size = h.length;
        double[] d = new double[size];
        double[][] u = new double[size][size];
        for (int j = size - 1; j >= 0; j--) {
            double[] scaled = new double[size];
            double diagonal = h[j][j];
            for (int k = j + 1; k < size; k++) {
                scaled[k] = d[k] * u[j][k];
                diagonal -= scaled[k] * u[j][k];
            }
            d[j] = Math.max(diagonal, 1e-12);
            for (int i = 0; i < j; i++) {
                double sum = h[i][j];
                double[] row = u[i];
                for (int k = j + 1; k < size; k++) {
                    sum -= scaled[k] * row[k];
                }
                row[j] = sum / d[j];
            }
        }
        double[][] transposed = new double[size][];
        for (int k = 0; k < size; k++) {
            transposed[k] = new double[k];
            for (int j = 0; j < k; j++) {
                transposed[k][j] = u[j][k];
            }
        }
        return transposed;
    }

    /**
     * Rounds the weights of one output.
     *
     * @param weights one per input
     * @param rounded takes the integers
     * @return what was lost of each weight
     */
    double[] round(double[] weights, double scale, int limit, byte[] rounded) {
        double[] lost = new double[weights.length];
        for (int k = 0; k < weights.length; k++) {
            double wanted = weights[k];
            double[] shares = feedback[k];
            for (int j = 0; j < shares.length; j++) {
                wanted += lost[j] * shares[j];
            }
            rounded[k] = (byte) Math.min(Math.max(Math.rint(wanted / scale), -limit), limit);
            lost[k] = weights[k] - rounded[k] * scale;
        }
        return lost;
    }
}
