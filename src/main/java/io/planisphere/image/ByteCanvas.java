package io.planisphere.image;

import java.nio.Buffer;
import java.nio.ByteBuffer;

/** The pixels themselves, 8 bits each, for networks that normalise within their graph. */
final class ByteCanvas extends Canvas {
    private final byte[] tensor;

    ByteCanvas(Preprocessing rule) {
        super(rule);
        tensor = new byte[rule.elements()];
    }

    @Override
    void write(int[] row, int count, int from, int step, int plane) {
        int at = from;
        for (int i = 0; i < 3 * count; i += 3) {
            tensor[at] = (byte) row[i];
            tensor[at + plane] = (byte) row[i + 1];
            tensor[at + 2 * plane] = (byte) row[i + 2];
            at += step;
        }
    }

    @Override
    void swap(int left, int right, int count) {
        for (int i = 0; i < count; i++) {
            byte kept = tensor[left + i];
            tensor[left + i] = tensor[right + i];
            tensor[right + i] = kept;
        }
    }

    @Override
    void copyTo(Buffer target, int offset) {
        if (!(target instanceof ByteBuffer bytes)) {
            throw mismatch(Preprocessing.Element.UINT8, target);
        }
        bytes.put(offset, tensor);
    }
}
