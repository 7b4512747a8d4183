package io.planisphere.cost;

import java.util.List;
import java.util.Optional;

/**
 * The statically known properties of a value in a graph.
 *
 * @param shape lengths of its axes
 * @param bytesPerElement bytes of its element type
 * @param content its elements, if they are constant and few, as in shapes
 */
record Value(List<Long> shape, int bytesPerElement, Optional<List<Double>> content) {
    /** Maximum number of tracked elements; no shape has more axes. */
    static final int MOST_CONTENT = 64;

    Value {
        shape = List.copyOf(shape);
        content = content.map(List::copyOf);
    }

    static Value of(List<Long> shape, int bytesPerElement) {
        return new Value(shape, bytesPerElement, Optional.empty());
    }

    /** Returns a value with known numbers. */
    static Value of(List<Long> shape, int bytesPerElement, List<Double> content) {
        return new Value(shape, bytesPerElement, Optional.of(content));
    }

    /** Returns the same elements in another shape. */
    Value shaped(List<Long> other) {
        return new Value(other, bytesPerElement, content);
    }

    long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    long bytes() {
        return Math.multiplyExact(elements(), bytesPerElement);
    }

    int rank() {
        return shape.size();
    }

    long axis(int index) {
        return shape.get(index);
    }
}
