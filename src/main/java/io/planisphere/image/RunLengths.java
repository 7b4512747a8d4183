package io.planisphere.image;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes the run lengths of a BMP (BI_RLE8 and BI_RLE4), row by row. Pixels of a run beyond its row are dropped, as in Pillow.
 */
final class RunLengths {
    private static final int END_OF_ROW = 0;
    private static final int END = 1;
    private static final int SKIP = 2;

    private final Bytes in;
    private final boolean isNibbles;
    private final int width;
    private long at;
    private int x;
    private int rowsToSkip;
    private boolean ended;

    RunLengths(Bytes in, long start, boolean isNibbles, int width) {
        this.in = in;
        this.isNibbles = isNibbles;
        this.width = width;
        at = start;
    }

    /**
     * Fills the next row; pixels without data have index 0.
     *
     * @param isLast whether the data may end after its last pixel
     * @throws EOFException if the data ends before the row does
     */
    void row(byte[] indices, boolean isLast) throws IOException {
        Arrays.fill(indices, (byte) 0);
        if (rowsToSkip > 0) {
            rowsToSkip--;
        }
        while (rowsToSkip == 0 && !ended && !(isLast && x >= width)) {
            int count = next();
            int code = next();
            if (count > 0) {
                run(indices, count, code);
            } else if (code == END_OF_ROW) {
                x = 0;
                return;
            } else if (code == END) {
                ended = true;
            } else if (code == SKIP) {
                x += next();
                rowsToSkip = next();
            } else {
                literal(indices, code);
            }
        }
    }

    private void run(byte[] indices, int count, int code) {
        for (int i = 0; i < count && x < width; i++) {
            indices[x++] = (byte) (isNibbles ? nibble(code, i) : code);
        }
    }

    private void literal(byte[] indices, int count) throws IOException {
        if (count > width - x) {
            throw new IOException(count + " pixels from column " + x + " of a row of " + width);
        }
        int pair = 0;
        for (int i = 0; i < count; i++) {
            if (!isNibbles || i % 2 == 0) {
                pair = next();
            }
            indices[x++] = (byte) (isNibbles ? nibble(pair, i) : pair);
        }
        int bytes = isNibbles ? (count + 1) / 2 : count;
        if (bytes % 2 != 0) {
            at++; // padded to a whole word
        }
    }

    private static int nibble(int pair, int i) {
        return i % 2 == 0 ? pair >> 4 : pair & 15;
    }

    private int next() throws EOFException {
        if (!in.has(at, 1)) {
            throw new EOFException("its run lengths end before its last row");
        }
        return in.u8(at++);
    }
}
