package io.planisphere.train;

import io.planisphere.onnx.FloatTensor;
import io.planisphere.onnx.OnnxHeads;
import java.io.Serializable;
import java.util.Locale;

/** A linear layer with one logit per class, before the softmax, in the precision of the package. */
public final class SoftmaxHead implements Serializable {
    private static final long serialVersionUID = 1;

    private final int width;
    private final float[] weights;
    private final float[] bias;

    /**
     * Creates a head.
     *
     * @param weights {@code [classes, width]}, class by class; not copied, must not be modified
     * @param bias one value per class; not copied, must not be modified
     */
    public SoftmaxHead(float[] weights, float[] bias) {
        if (bias.length == 0 || weights.length % bias.length != 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "%d weights do not share out over %d classes", weights.length, bias.length));
        }
        this.width = weights.length / bias.length;
        this.weights = weights;
        this.bias = bias;
    }

    public int classes() {
        return bias.length;
    }

    /** Returns the width of the embedding. */
    public int width() {
        return width;
    }

    /** Returns the logits of one photo, one per class. */
    public float[] logits(float[] embedding) {
        if (embedding.length != width) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "The embedding has %d values but the head takes %d", embedding.length, width));
        }
        float[] logits = bias.clone();
        for (int k = 0, row = 0; k < logits.length; k++, row += width) {
            // four sums in parallel: a single one would depend on its previous addition at every step
            float a = 0;
            float b = 0;
            float c = 0;
            float d = 0;
            int i = 0;
            for (; i < width - 3; i += 4) {
                a += weights[row + i] * embedding[i];
                b += weights[row + i + 1] * embedding[i + 1];
                c += weights[row + i + 2] * embedding[i + 2];
                d += weights[row + i + 3] * embedding[i + 3];
            }
            for (; i < width; i++) {
                a += weights[row + i] * embedding[i];
            }
            logits[k] += (a + b) + (c + d);
        }
        return logits;
    }

    /** Returns the head as a layer of a graph. */
    OnnxHeads.Head toOnnx(String output) {
        return new OnnxHeads.Head(output, FloatTensor.of(weights, classes(), width), FloatTensor.of(bias, classes()));
    }
}
