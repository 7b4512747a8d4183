package io.planisphere.vision;

import io.planisphere.infer.Inferred;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import java.util.Arrays;
import java.util.List;

/** Converts a classifier's scores into probabilities of its labels. Not thread-safe: it reuses its buffers. */
public final class Classifier {
    private final Head head;
    private final List<String> labels;
    private final double temperature;
    private final int topK;
    private final float[] probabilities;

    /**
     * One of a photo's most probable labels.
     *
     * @param index index of the network's score, from 0
     * @param probability 0 to 1; probabilities add up to 1 over all labels unless labels are independent (sigmoid)
     */
    public record Label(int index, String name, float probability) {}

    /**
     * @param topK maximum number of labels per photo
     * @throws ModelPackageException if the package is not for the task classify
     */
    public Classifier(ModelPackage model, int topK) {
        head = headOf(model);
        labels = model.labels();
        temperature = model.temperature();
        this.topK = Math.min(topK, labels.size());
        probabilities = new float[labels.size()];
    }

    /** Returns the output with a score per label. */
    public static Head headOf(ModelPackage model) {
        return model.require(Task.CLASSIFY).heads().get(0);
    }

    /** Returns the most probable labels in descending order; of equal ones, the lower index first. */
    public List<Label> labels(List<Inferred.Outputs> views) {
        Probabilities.average(views, 0, head.activation(), temperature, probabilities);
        return Arrays.stream(Probabilities.largest(probabilities, topK))
                .mapToObj(i -> new Label(i, labels.get(i), probabilities[i]))
                .toList();
    }
}
