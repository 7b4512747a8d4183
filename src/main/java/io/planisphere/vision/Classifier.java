package io.planisphere.vision;

import io.planisphere.infer.Inferred;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import java.util.Arrays;
import java.util.List;

/** Reads a classifier's scores: probabilities of its labels. For one thread: it reuses its buffers. */
public final class Classifier {
    private final Head head;
    private final List<String> labels;
    private final double temperature;
    private final int topK;
    private final float[] probabilities;

    /**
     * One of a photo's likeliest labels.
     *
     * @param index of the network's score, from 0
     * @param probability from 0 to 1; the labels' add up to 1 unless each stands alone (sigmoid)
     */
    public record Label(int index, String name, float probability) {}

    /**
     * @param topK how many labels are named, at most
     * @throws ModelPackageException if the package does not classify
     */
    public Classifier(ModelPackage model, int topK) {
        head = headOf(model);
        labels = model.labels();
        temperature = model.temperature();
        this.topK = Math.min(topK, labels.size());
        probabilities = new float[labels.size()];
    }

    /** The output with a score per label. */
    public static Head headOf(ModelPackage model) {
        return model.require(Task.CLASSIFY).heads().get(0);
    }

    /** The likeliest labels, the likeliest first; of equals the one with the lower index. */
    public List<Label> labels(List<Inferred.Outputs> views) {
        Probabilities.average(views, 0, head.activation(), temperature, probabilities);
        return Arrays.stream(Probabilities.largest(probabilities, topK))
                .mapToObj(i -> new Label(i, labels.get(i), probabilities[i]))
                .toList();
    }
}
