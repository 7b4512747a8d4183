package io.planisphere.vision;

import io.planisphere.infer.Inferred;
import io.planisphere.model.Activation;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import java.util.ArrayList;
import java.util.List;

/**
 * All probabilities of one output, softened for a student to learn from (Hinton et al., Distilling the Knowledge in a Neural
 * Network, arXiv 1503.02531, section 2). Scores are divided by the temperature times the package's own temperature, so at
 * temperature 1 they equal the probabilities in the rows.
 */
public final class SoftLabels {
    // below a float's smallest normal number, so a probability that a softmax rounded to 0 stays negligible
    private static final double LEAST = 1e-38;

    private final int index;
    private final Activation activation;
    private final double divisor;
    private final boolean fromProbabilities;

    /**
     * @param index index of the output among the requested ones
     * @param declared activation that converts its scores to probabilities; none if the graph does that
     * @param temperature temperature above 0; above 1, small probabilities grow
     * @throws ModelPackageException if the network outputs probabilities of an unknown activation, and the temperature is not 1
     */
    SoftLabels(ModelPackage model, int index, String output, Activation declared, double temperature) {
        this.index = index;
        fromProbabilities = declared == Activation.NONE && temperature != 1;
        activation = fromProbabilities ? ending(model, output) : declared;
        divisor = declared == Activation.NONE ? temperature : temperature * model.temperature();
    }

    /**
     * Returns the soft labels of a classifier.
     *
     * @throws ModelPackageException as for the constructor, or if the package is not a classifier
     */
    public static SoftLabels ofClasses(ModelPackage model, double temperature) {
        Head head = Classifier.headOf(model);
        return new SoftLabels(model, 0, head.output(), head.activation(), temperature);
    }

    /** Returns one probability per value of the output, averaged over crops. */
    public float[] of(List<Inferred.Outputs> views) {
        List<Inferred.Outputs> scores = new ArrayList<>();
        for (Inferred.Outputs view : views) {
            float[] given = view.values()[index];
            scores.add(new Inferred.Outputs(new float[][] {fromProbabilities ? scores(given) : given}));
        }
        float[] probabilities = new float[views.get(0).values()[index].length];
        Probabilities.average(scores, 0, activation, divisor, probabilities);
        return probabilities;
    }

    /**
     * Returns scores that produce these probabilities. They are unique up to a constant, to which a softmax is invariant. Exact
     * except for probabilities that were rounded to 0 or 1.
     */
    private float[] scores(float[] given) {
        float[] scores = new float[given.length];
        for (int i = 0; i < given.length; i++) {
            double score = Math.log(Math.max(given[i], LEAST));
            scores[i] = (float)
                    (activation == Activation.SOFTMAX ? score : score - Math.log(Math.max(1 - given[i], LEAST)));
        }
        return scores;
    }

    private static Activation ending(ModelPackage model, String output) {
        String maker = model.maker(output).orElse("nothing");
        return switch (maker) {
            case "Softmax" -> Activation.SOFTMAX;
            case "Sigmoid" -> Activation.SIGMOID;
            default ->
                throw new ModelPackageException(
                        model.location(),
                        "its probabilities " + output + " come out of the operator " + maker
                                + ", so soft labels can only have temperature 1; export it up to its scores for another");
        };
    }
}
