package io.planisphere.image;

import java.io.EOFException;
import java.io.IOException;

/**
 * Decodes the pixels of a BMP as Pillow does: alpha is dropped, a colour of fewer than eight bits is scaled to 255 and rounded
 * down, an index beyond the palette is black. Pixels skipped by run lengths have the palette's first colour.
 */
final class BmpPixels {
    private final Bytes in;
    private final BmpHeader header;
    private final RowSink sink;
    private final byte[] row;
    private final int width;
    private final int height;

    private BmpPixels(Bytes in, RowSink sink) {
        this.in = in;
        this.sink = sink;
        header = BmpHeader.of(in);
        width = (int) header.width();
        height = (int) header.height();
        row = new byte[3 * width];
    }

    /** @throws EOFException if run lengths end before the last row does */
    static void draw(PhotoBytes photo, RowSink sink) throws IOException {
        BmpPixels pixels = new BmpPixels(Bytes.littleEndian(photo), sink);
        if (pixels.header.isRunLength()) {
            pixels.runs();
        } else if (pixels.header.bits() <= 8) {
            pixels.indices();
        } else {
            pixels.colours();
        }
    }

    private void put(int stored) {
        sink.put(0, header.isTopDown() ? stored : height - 1 - stored, row, width);
    }

    private long rowAt(int stored) {
        return header.pixels() + stored * (long) header.rowBytes();
    }

    private void indices() {
        byte[] palette = palette();
        int bits = header.bits();
        for (int y = 0; y < height; y++) {
            long at = rowAt(y);
            for (int x = 0; x < width; x++) {
                long bit = (long) x * bits;
                int index = in.u8(at + (bit >> 3)) >> (8 - bits - (bit & 7)) & ((1 << bits) - 1);
                System.arraycopy(palette, 3 * index, row, 3 * x, 3);
            }
            put(y);
        }
    }

    private void colours() {
        int bytes = header.bits() / 8;
        int[] masks = {header.mask(in, 0), header.mask(in, 1), header.mask(in, 2)};
        for (int y = 0; y < height; y++) {
            long at = rowAt(y);
            for (int x = 0; x < width; x++) {
                int pixel = 0;
                for (int i = 0; i < bytes; i++) {
                    pixel |= in.u8(at + (long) bytes * x + i) << (8 * i);
                }
                for (int colour = 0; colour < 3; colour++) {
                    int shift = Integer.numberOfTrailingZeros(masks[colour]);
                    int value = (pixel & masks[colour]) >>> shift;
                    row[3 * x + colour] = (byte) (value * 255L / (masks[colour] >>> shift));
                }
            }
            put(y);
        }
    }

    private void runs() throws IOException {
        byte[] palette = palette();
        RunLengths runs = new RunLengths(in, header.pixels(), header.compression() == BmpHeader.RUN_LENGTH_4, width);
        byte[] indices = new byte[width];
        for (int y = 0; y < height; y++) {
            runs.row(indices, y == height - 1);
            for (int x = 0; x < width; x++) {
                System.arraycopy(palette, 3 * (indices[x] & 0xFF), row, 3 * x, 3);
            }
            put(y);
        }
    }

    private byte[] palette() {
        byte[] palette = new byte[3 * 256];
        for (int i = 0; i < header.colours(); i++) {
            for (int colour = 0; colour < 3; colour++) {
                palette[3 * i + colour] = (byte) in.u8(header.palette() + (long) header.colourBytes() * i + 2 - colour);
            }
        }
        return palette;
    }
}
