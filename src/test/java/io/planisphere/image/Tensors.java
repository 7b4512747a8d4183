package io.planisphere.image;

import java.nio.ByteBuffer;

/** Converts tensors for tests. */
final class Tensors {
    private Tensors() {}

    static ByteBuffer buffer(Preprocessing rule) {
        return ByteBuffer.allocateDirect(rule.elements());
    }

    /** Returns the values of a buffer, 0 to 255. */
    static int[] values(ByteBuffer tensor) {
        int[] values = new int[tensor.capacity()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.get(i) & 255;
        }
        return values;
    }
}
