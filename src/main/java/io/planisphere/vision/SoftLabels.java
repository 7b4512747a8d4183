package io.planisphere.vision;

import io.planisphere.infer.Inferred;
import io.planisphere.model.Activation;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.onnx.OnnxModel;
import java.util.List;

/**
 * The probabilities of all labels, softened for a student to learn from (Hinton et al., Distilling the Knowledge in a Neural
 * Network, arXiv 1503.02531, section 2). Scores are divided by the softness times the package's own temperature, so at 1 these
 * are the probabilities that {@link Classifier} names. For one thread: it reuses its buffer.
 */
public final class SoftLabels {
    // below a float's smallest normal number: what a softmax rounds to 0 stays next to nothing
    private static final double LEAST = 1e-38;

    private final Activation activation;
    private final double temperature;
    private final boolean fromProbabilities;
    private final float[] probabilities;

    /**
     * @param softness above 0; above 1 the small probabilities grow
     * @throws ModelPackageException if the package does not classify, or its network gives probabilities of which it cannot be
     *     told how they came about, and the softness is not 1
     */
    public SoftLabels(ModelPackage model, double softness) {
        Head head = Classifier.headOf(model);
        fromProbabilities = head.activation() == Activation.NONE && softness != 1;
        activation = fromProbabilities ? ending(model, head) : head.activation();
        temperature = head.activation() == Activation.NONE ? softness : softness * model.temperature();
        probabilities = new float[model.labels().size()];
    }

    /** One per label, the mean over crops; overwritten by the next call. */
    public float[] of(List<Inferred.Outputs> views) {
        List<Inferred.Outputs> scores =
                fromProbabilities ? views.stream().map(this::scores).toList() : views;
        Probabilities.average(scores, 0, activation, temperature, probabilities);
        return probabilities;
    }

    /**
     * Scores that give these probabilities; any others differ by a constant, which a softmax does not see. Exact but for
     * probabilities that were rounded to 0 or 1.
     */
    private Inferred.Outputs scores(Inferred.Outputs view) {
        float[] given = view.values()[0];
        float[] scores = new float[given.length];
        for (int i = 0; i < given.length; i++) {
            double score = Math.log(Math.max(given[i], LEAST));
            scores[i] = (float)
                    (activation == Activation.SOFTMAX ? score : score - Math.log(Math.max(1 - given[i], LEAST)));
        }
        return new Inferred.Outputs(new float[][] {scores});
    }

    private static Activation ending(ModelPackage model, Head head) {
        String maker = OnnxModel.read("model.onnx", model.model()).makers().getOrDefault(head.output(), "nothing");
        return switch (maker) {
            case "Softmax" -> Activation.SOFTMAX;
            case "Sigmoid" -> Activation.SIGMOID;
            default ->
                throw new ModelPackageException(
                        model.location(),
                        "its probabilities come out of the operator " + maker
                                + ", so soft labels can only have temperature 1; export it up to its scores for another");
        };
    }
}
