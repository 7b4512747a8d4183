package io.planisphere.vision;

import io.planisphere.infer.Inferred;
import io.planisphere.model.Activation;
import java.util.List;

/** Converts scores to probabilities, and finds the largest. */
final class Probabilities {
    private Probabilities() {}

    /**
     * Writes the probabilities of the scores to {@code target}, which has the same length.
     *
     * @param temperature divisor of scores before a softmax or sigmoid; probabilities that the graph outputs are unchanged
     */
    static void of(float[] scores, Activation activation, double temperature, float[] target) {
        if (scores.length != target.length) {
            throw new IllegalArgumentException(
                    "The network gave " + scores.length + " scores for " + target.length + " classes");
        }
        switch (activation) {
            case SOFTMAX -> softmax(scores, temperature, target);
            case SIGMOID -> {
                for (int i = 0; i < scores.length; i++) {
                    target[i] = (float) (1 / (1 + Math.exp(-scores[i] / temperature)));
                }
            }
            case NONE -> System.arraycopy(scores, 0, target, 0, scores.length);
        }
    }

    /**
     * Writes the mean over crops of an output's probabilities to {@code target}.
     *
     * @param views the network's outputs for each crop; at least one
     * @param output index of the output
     */
    static void average(
            List<Inferred.Outputs> views, int output, Activation activation, double temperature, float[] target) {
        of(views.get(0).values()[output], activation, temperature, target);
        if (views.size() == 1) {
            return;
        }
        float[] one = new float[target.length];
        for (Inferred.Outputs view : views.subList(1, views.size())) {
            of(view.values()[output], activation, temperature, one);
            for (int i = 0; i < target.length; i++) {
                target[i] += one[i];
            }
        }
        for (int i = 0; i < target.length; i++) {
            target[i] /= views.size();
        }
    }

    private static void softmax(float[] scores, double temperature, float[] target) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            largest = Math.max(largest, score);
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            double e = Math.exp((scores[i] - largest) / temperature); // at most 1, so large scores do not overflow
            target[i] = (float) e;
            sum += e;
        }
        for (int i = 0; i < target.length; i++) {
            target[i] = (float) (target[i] / sum);
        }
    }

    /**
     * Returns the indices of the {@code k} largest values, largest first; of equal ones, the lower index first. O(n·k), and O(n)
     * in practice.
     */
    static int[] largest(float[] values, int k) {
        int[] best = new int[k];
        int found = 0;
        for (int i = 0; i < values.length; i++) {
            if (found == k && values[i] <= values[best[k - 1]]) {
                continue;
            }
            int at = found < k ? found++ : k - 1;
            while (at > 0 && values[best[at - 1]] < values[i]) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = i;
        }
        return best;
    }
}
