package io.planisphere.quantize;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rounds a layer's weights to minimise the error of the layer's output, rather than of each weight: one input after the other,
 * each time compensating the errors so far as far as inputs are correlated (LDLQ in Chee et al., QuIP, NeurIPS 2023, section 3.1,
 * which gives the result of GPTQ by Frantar et al., ICLR 2023), then each input once more given all others. Several step sizes
 * are tried, and the one with the least error is used.
 */
final class Rounding {
    /**
     * Step sizes relative to the one that just represents the largest weight; smaller ones clip it, which pays off if it is an
     * outlier.
     */
    private static final double[] STEPS = {1, 0.975, 0.95, 0.925, 0.9, 0.875, 0.85, 0.825, 0.8, 0.775, 0.75, 1.025, 1.05
    };
    /** Maximum number of inputs for trying all steps: with more inputs there is less to gain, and it takes longer. */
    private static final int NARROW = 128;

    private static final int SWEEPS = 4;

    private final @Nullable Positive inputs;
    // feedback[k][j], j < k: how much of input j's error input k compensates
    private final double[][] feedback;

    private Rounding(@Nullable Positive inputs, double[][] feedback) {
        this.inputs = inputs;
        this.feedback = feedback;
    }

    /**
     * The weights of one output: weight = scale · integer.
     *
     * @param lost rounding error of each weight
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Rounded(byte[] integers, double scale, double[] lost) {}

    /** Returns a rounding of each weight to the nearest integer. */
    static Rounding nearest(int inputs) {
        return new Rounding(null, new double[inputs][0]);
    }

    /** @param inputs covariance of the inputs */
    static Rounding by(Positive inputs) {
        return new Rounding(inputs, inputs.columns());
    }

    /**
     * Rounds the weights of one output.
     *
     * @param weights one weight per input
     * @param least smallest allowed step
     * @param limit largest integer
     */
    Rounded round(double[] weights, double least, int limit) {
        double widest = Arrays.stream(weights).map(Math::abs).max().orElse(0) / limit;
        if (inputs == null) {
            return inTurn(weights, step(widest, least), limit);
        }
        Rounded best = improved(inTurn(weights, step(widest, least), limit), inputs, weights, limit);
        double error = inputs.square(best.lost);
        for (int i = 1; i < STEPS.length && weights.length <= NARROW && widest > least; i++) {
            Rounded tried = improved(inTurn(weights, step(widest * STEPS[i], least), limit), inputs, weights, limit);
            double errorOfTried = inputs.square(tried.lost);
            if (errorOfTried < error) {
                best = tried;
                error = errorOfTried;
            }
        }
        return best;
    }

    private static double step(double wanted, double least) {
        return (float) Math.max(Math.max(wanted, least), 1e-30);
    }

    private Rounded inTurn(double[] weights, double scale, int limit) {
        byte[] integers = new byte[weights.length];
        double[] lost = new double[weights.length];
        for (int k = 0; k < weights.length; k++) {
            double wanted = weights[k];
            double[] shares = feedback[k];
            for (int j = 0; j < shares.length; j++) {
                wanted += lost[j] * shares[j];
            }
            integers[k] = nearest(wanted / scale, limit);
            lost[k] = weights[k] - integers[k] * scale;
        }
        return new Rounded(integers, scale, lost);
    }

    private static Rounded improved(Rounded rounded, Positive inputs, double[] weights, int limit) {
        boolean moved = true;
        for (int sweep = 0; sweep < SWEEPS && moved; sweep++) {
            moved = false;
            for (int k = 0; k < weights.length; k++) {
                double slope = 0;
                double[] row = inputs.row(k);
                for (int j = 0; j < row.length; j++) {
                    slope += rounded.lost[j] * row[j];
                }
                byte better = nearest(rounded.integers[k] + slope / row[k] / rounded.scale, limit);
                if (better != rounded.integers[k]) {
                    rounded.integers[k] = better;
                    rounded.lost[k] = weights[k] - better * rounded.scale;
                    moved = true;
                }
            }
        }
        return rounded;
    }

    private static byte nearest(double wanted, int limit) {
        return (byte) Math.min(Math.max(Math.rint(wanted), -limit), limit);
    }
}
