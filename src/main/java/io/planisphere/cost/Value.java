package io.planisphere.cost;

import java.util.List;
import java.util.Optional;

/**
 * What is known of a value of a graph before it runs.
 *
 * @param shape its axes
 * @param bytesPerElement of its element type
 * @param content its elements where the file fixes them and they are few, as those of shapes are
 */
record Value(List<Long> shape, int bytesPerElement, Optional<List<Double>> content) {
    /** A shape has no more axes than this, so longer contents mean nothing here. */
    static final int MOST_CONTENT = 64;

    Value {
        shape = List.copyOf(shape);
        content = content.map(List::copyOf);
    }

    static Value of(List<Long> shape, int bytesPerElement) {
        return new Value(shape, bytesPerElement, Optional.empty());
    }

    /** Of numbers that are known. */
    static Value of(List<Long> shape, int bytesPerElement, List<Double> content) {
        return new Value(shape, bytesPerElement, Optional.of(content));
    }

    /** The same elements in another shape. */
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
