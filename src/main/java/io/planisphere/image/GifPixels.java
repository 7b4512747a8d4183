package io.planisphere.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Decodes the first frame of a GIF on its canvas as Pillow does: pixels outside the frame have the frame's transparent colour, or
 * the palette's first colour if there is none; transparent pixels keep their palette colour.
 */
final class GifPixels {
    // first row and step of each pass (GIF89a, appendix E)
    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    private static final int[][] ONE_PASS = {{0, 1}};
    private static final int MOST_SYMBOL_BITS = 11;

    private GifPixels() {}

    /** @throws EOFException if the frame's data ends before the frame does */
    static void draw(PhotoBytes photo, Header header, RowSink sink) throws IOException {
        Bytes in = Bytes.littleEndian(photo);
        GifStructure.Frame frame = GifStructure.firstFrame(in).orElseThrow();
        byte[] palette = palette(in, frame);
        byte[] row = new byte[3 * header.width()];
        for (int x = 0; x < header.width(); x++) {
            System.arraycopy(palette, 3 * frame.background(), row, 3 * x, 3);
        }
        for (int y = 0; y < header.height(); y++) {
            sink.put(0, y, row, header.width());
        }
        int symbolBits = in.u8(frame.data());
        if (symbolBits > MOST_SYMBOL_BITS) {
            throw new IOException("LZW of " + symbolBits + " bits per pixel");
        }
        try (InputStream indices = new LzwStream(subBlocks(in, frame.data() + 1), LzwStream.Form.GIF, symbolBits)) {
            byte[] line = new byte[frame.width()];
            for (int[] pass : frame.isInterlaced() ? PASSES : ONE_PASS) {
                for (int y = pass[0]; y < frame.height(); y += pass[1]) {
                    if (indices.readNBytes(line, 0, line.length) < line.length) {
                        throw new EOFException("its first frame ends in row " + y);
                    }
                    for (int x = 0; x < line.length; x++) {
                        System.arraycopy(palette, 3 * (line[x] & 0xFF), row, 3 * x, 3);
                    }
                    sink.put(frame.left(), frame.top() + y, row, line.length);
                }
            }
        }
    }

    /**
     * Returns the frame's own palette or the global one, black beyond the last entry. Grey levels up to 255 if there is no
     * palette, or if its entries begin like that.
     */
    private static byte[] palette(Bytes in, GifStructure.Frame frame) {
        byte[] grey = new byte[3 * 256];
        for (int i = 0; i < 256; i++) {
            Arrays.fill(grey, 3 * i, 3 * i + 3, (byte) i);
        }
        int start = (int) frame.palette();
        int count = frame.paletteBytes();
        if (Arrays.equals(grey, 0, count, in.array(), start, start + count)) {
            return grey;
        }
        return Arrays.copyOf(Arrays.copyOfRange(in.array(), start, start + count), grey.length);
    }

    private static InputStream subBlocks(Bytes in, long start) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        long at = start;
        while (in.has(at, 1) && in.u8(at) != 0) {
            int count = (int) Math.min(in.u8(at), in.length() - at - 1);
            joined.write(in.array(), (int) at + 1, count);
            at += 1 + count;
        }
        return new ByteArrayInputStream(joined.toByteArray());
    }
}
