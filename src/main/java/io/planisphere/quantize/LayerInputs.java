package io.planisphere.quantize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The statistics of a layer's inputs with all previous layers in 8 bits: means and covariance. */
final class LayerInputs {
    /** Share of the mean variance that is added to each variance, which keeps corrections small for rarely active inputs. */
    private static final double DAMPING = 0.01;

    private final int size;
    private final double[] means;
    private final List<Rounding> roundings;

    private LayerInputs(int size, double[] means, List<Rounding> roundings) {
        this.size = size;
        this.means = means;
        this.roundings = roundings;
    }

    /** Returns the statistics of unknown inputs. */
    static LayerInputs unknown(int inputs) {
        return new LayerInputs(inputs, new double[inputs], List.of());
    }

    /**
     * @param measured statistics of the inputs of all groups
     * @param divisors divisors of the inputs for which the layer's weights are scaled
     * @param size number of inputs per group
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

    /** Returns the mean of the weighted sum of the inputs. */
    double mean(int group, double[] weights) {
        double mean = 0;
        for (int i = 0; i < size; i++) {
            mean += weights[i] * means[group * size + i];
        }
        return mean;
    }
}
