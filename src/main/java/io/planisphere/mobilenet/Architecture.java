package io.planisphere.mobilenet;

import io.planisphere.cost.CostTable;
import io.planisphere.mobilenet.GraphBackend.Linear;
import java.util.List;
import java.util.OptionalInt;

/**
 * A network as data: blocks, global average pooling, optionally a hidden layer, a linear layer for the classes. The input of that
 * last layer is the embedding. Every convolution is padded by half of its kernel on each side.
 *
 * @param name name in the family, such as {@code mobilenet-v1}
 * @param width width multiplier α of all channels
 * @param resolution pixels on each side of the input
 * @param blocks blocks in data order
 * @param hidden units of the layer between pooling and classes, with {@link Nonlinearity#HARD_SWISH}; empty for none
 */
public record Architecture(String name, double width, int resolution, List<Block> blocks, OptionalInt hidden) {
    /** The names of the graph's tensors. */
    public static final String INPUT = "input";

    public static final String EMBEDDING = "embedding";
    public static final String LOGITS = "logits";

    public Architecture {
        blocks = List.copyOf(blocks);
    }

    /** Returns all convolutions in data order. */
    public List<Layer.Normalised> convolutions() {
        return blocks.stream()
                .flatMap(block -> block.layers().stream())
                .filter(Layer.Normalised.class::isInstance)
                .map(Layer.Normalised.class::cast)
                .toList();
    }

    /** Returns the length of the embedding. */
    public int embeddingWidth() {
        return hidden.orElse(features());
    }

    /** Returns the cost with this number of classes, with batch normalisation folded into the convolutions. */
    public CostTable costs(int classes) {
        Costs costs = new Costs();
        return costs.table(write(costs, classes));
    }

    /** The two outputs of a written network. */
    record Written<V>(V embedding, V logits) {}

    <V> Written<V> write(GraphBackend<V> backend, int classes) {
        V value = backend.photo(resolution);
        for (Block block : blocks) {
            V last = value;
            for (Layer layer : block.layers()) {
                last = write(layer, backend, last);
            }
            value = block.isResidual() ? backend.sum(block.name() + ".sum", value, last) : last;
        }
        V embedding = backend.mean(hidden.isPresent() ? "mean" : EMBEDDING, features(), value);
        if (hidden.isPresent()) {
            embedding = backend.linear(hiddenLayer(), embedding);
        }
        return new Written<>(embedding, backend.linear(classifier(classes), embedding));
    }

    private static <V> V write(Layer layer, GraphBackend<V> backend, V input) {
        if (layer instanceof Layer.SqueezeExcite squeeze) {
            return backend.squeezeExcite(squeeze, input);
        }
        return backend.normalised((Layer.Normalised) layer, input);
    }

    private Linear hiddenLayer() {
        return new Linear(EMBEDDING, features(), hidden.orElseThrow(), Nonlinearity.HARD_SWISH);
    }

    private Linear classifier(int classes) {
        return new Linear(LOGITS, embeddingWidth(), classes, Nonlinearity.NONE);
    }

    /** Returns the number of channels before pooling. */
    private int features() {
        List<Layer.Normalised> all = convolutions();
        return all.get(all.size() - 1).convolution().outputs();
    }
}
