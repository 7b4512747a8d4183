package io.planisphere.vision;

import io.planisphere.geo.Hierarchy;
import io.planisphere.infer.Inferred;
import io.planisphere.model.Activation;
import java.util.Arrays;
import java.util.List;

/**
 * Computes one probability per cell of the finest partition from the scores of a network's heads. Not thread-safe: it reuses its
 * buffers.
 *
 * <p>The crops of a photo are averaged for each head. With several heads the probability of a cell is the product of its own and
 * its ancestors' probabilities (Müller-Budack et al., ECCV 2018, section 3.3), normalised to a sum of 1 over all cells.
 */
public final class CellProbabilities {
    private final Hierarchy hierarchy;
    private final List<Activation> activations;
    private final double temperature;
    private final List<Integer> labels; // label by score, if several scores may have the same; otherwise empty
    private final float[] scores; // probabilities by score in that case
    private final float[][] heads; // by partition, then by label
    private final float[] cells;

    /**
     * @param activations activations of the heads, from the coarsest partition to the finest
     * @param temperature divisor of scores before a softmax
     */
    public CellProbabilities(Hierarchy hierarchy, List<Activation> activations, double temperature) {
        this(hierarchy, activations, temperature, List.of());
    }

    /**
     * @param activations activations of the heads, from the coarsest partition to the finest
     * @param temperature divisor of scores before a softmax
     * @param labels label by score of the only head, if several scores may be of the same cell; otherwise empty
     */
    public CellProbabilities(
            Hierarchy hierarchy, List<Activation> activations, double temperature, List<Integer> labels) {
        if (activations.size() != hierarchy.partitions().size()) {
            throw new IllegalArgumentException("There must be one head per partition, got " + activations.size()
                    + " heads and " + hierarchy.partitions().size() + " partitions");
        }
        this.hierarchy = hierarchy;
        this.activations = List.copyOf(activations);
        this.temperature = temperature;
        this.labels = List.copyOf(labels);
        scores = new float[labels.size()];
        heads = hierarchy.partitions().stream()
                .map(partition -> new float[partition.cells().size()])
                .toArray(float[][]::new);
        cells = new float[hierarchy.finest().cells().size()];
    }

    /** Returns the number of heads. */
    int heads() {
        return heads.length;
    }

    /** Returns the partitions of the heads. */
    public Hierarchy hierarchy() {
        return hierarchy;
    }

    /**
     * Returns one probability per cell of the finest partition, by label; overwritten by the next call.
     *
     * @param views the scores of every head, for each crop; at least one
     */
    public float[] of(List<Inferred.Outputs> views) {
        if (!labels.isEmpty()) {
            Probabilities.average(views, 0, activations.get(0), temperature, scores);
            Arrays.fill(heads[0], 0);
            for (int i = 0; i < scores.length; i++) {
                heads[0][labels.get(i)] += scores[i];
            }
            return heads[0];
        }
        for (int head = 0; head < heads.length; head++) {
            Probabilities.average(views, head, activations.get(head), temperature, heads[head]);
        }
        if (heads.length == 1) {
            return heads[0];
        }
        multiply();
        return cells;
    }

    /** Multiplies in double precision, because products of small floats may underflow. */
    private void multiply() {
        double[] products = new double[cells.length];
        for (int cell = 0; cell < products.length; cell++) {
            products[cell] = 1;
            for (int head = 0; head < heads.length; head++) {
                products[cell] *= heads[head][hierarchy.ancestor(head, cell)];
            }
        }
        double sum = Arrays.stream(products).sum();
        for (int cell = 0; cell < products.length; cell++) {
            // if the heads rule out each other's cells, the finest head alone decides
            cells[cell] = sum > 0 ? (float) (products[cell] / sum) : heads[heads.length - 1][cell];
        }
    }
}
