package io.planisphere.quantize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is known of a layer's inputs now that the layers before calculate in 8 bits: their means, and how they vary together. */
final class LayerInputs {
    /** Of the mean variance, added to each: keeps the corrections small where inputs were hardly seen. */
    private static final double DAMPING = 0.01;

    private final int size;
    private final double[] means;
    private final List<Rounding> roundings;

    private LayerInputs(int size, double[] means, List<Rounding> roundings) {
        this.size = size;
        this.means = means;
        this.roundings = roundings;
    }

    /** Of inputs of which nothing is known. */
    static LayerInputs unknown(int inputs) {
        return new LayerInputs(inputs, new double[inputs], List.of());
    }

    /**
     * @param measured the inputs of all groups
     * @param divisors the layer's weights are for inputs divided by them
     * @param size inputs of a group
     */
    static LayerInputs of(ActivationRange measured, double[] divisors, int size) {
        List<Rounding> roundings = new ArrayList<>();
        Covariance covariance = measured.covariance();
        for (int from = 0; covariance != null && from < divisors.length; from += size) {
            double[] ofGroup = Arrays.copyOfRange(divisors, from, from + size);
            roundings.add(Rounding.by(Positive.damped(covariance.matrix(from / size, ofGroup), DAMPING)));
        }
        double[] means = measured.means();
        for (int i = 0; i < means.length; i++) {
            means[i] /= divisors[i];
        }
        return new LayerInputs(size, means, roundings);
    }

    Rounding rounding(int group) {
        return roundings.isEmpty() ? Rounding.nearest(size) : roundings.get(group);
    }

    /** What weights make of the inputs in the mean. */
    double mean(int group, double[] weights) {
        double mean = 0;
        for (int i = 0; i < size; i++) {
            mean += weights[i] * means[group * size + i];
        }
        return mean;
    }
}
