package io.planisphere.train;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A grid of temperatures for minimising the negative log-likelihood of the held-out set. The negative log-likelihood of
 * softmax(scores / T) is convex in 1/T, so the optimum is next to the best value of a grid, and a finer grid there finds it (Guo
 * et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2).
 *
 * @param values temperatures in ascending order, with equal ratios
 */
public record Temperatures(List<Double> values) implements Serializable {
    private static final int STEPS = 24;
    private static final double LEAST = 1.0 / 16;
    private static final double MOST = 16;

    public Temperatures {
        values = List.copyOf(values);
    }

    /** Returns temperatures from 1/16 to 16, a third of an octave apart. */
    public static Temperatures coarse() {
        return between(LEAST, MOST);
    }

    /**
     * Returns the same number of temperatures between the two neighbours of the best one, 2 % apart.
     *
     * @param likelihoods the negative log-likelihood at each of these temperatures
     */
    public Temperatures around(double[] likelihoods) {
        int best = best(likelihoods);
        return between(values.get(Math.max(0, best - 1)), values.get(Math.min(STEPS, best + 1)));
    }

    /** Returns the temperature with the least negative log-likelihood. */
    public double at(double[] likelihoods) {
        return values.get(best(likelihoods));
    }

    /**
     * Adds to {@code sums} the negative log-likelihood of class {@code truth} at each temperature.
     *
     * @param scores one score per class, before any softmax
     */
    public void addNegativeLogLikelihoods(float[] scores, int truth, double[] sums) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            largest = Math.max(largest, score);
        }
        for (int t = 0; t < sums.length; t++) {
            double inverse = 1 / values.get(t);
            double sum = 0;
            for (float score : scores) {
                sum += Math.exp(
                        ((double) score - largest) * inverse); // at most 1, so that large scores do not overflow
            }
            sums[t] += Math.log(sum) - ((double) scores[truth] - largest) * inverse;
        }
    }

    private static Temperatures between(double least, double most) {
        double ratio = most / least;
        return new Temperatures(IntStream.rangeClosed(0, STEPS)
                .mapToObj(i -> least * Math.pow(ratio, (double) i / STEPS))
                .toList());
    }

    private static int best(double[] likelihoods) {
        int best = 0;
        for (int i = 1; i < likelihoods.length; i++) {
            best = likelihoods[i] < likelihoods[best] ? i : best;
        }
        return best;
    }
}
