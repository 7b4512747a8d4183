package io.planisphere.image;

import java.io.IOException;
import java.io.InputStream;

/**
 * Decompresses the two variants of LZW in images: GIF (GIF89a, appendix F), whose codes begin at the lowest bit and grow when the
 * table is full for their width, and TIFF (TIFF 6.0, section 13), whose codes begin at the highest bit and grow one entry
 * earlier. Uses one table of 4,096 entries for data of any length.
 */
final class LzwStream extends InputStream {
    private static final int MOST_BITS = 12;
    private static final int TABLE = 1 << MOST_BITS;

    /** The variant of the codes. */
    enum Form {
        GIF,
        TIFF
    }

    private final InputStream in;
    private final Form form;
    private final int symbolBits;
    private final int clear;
    private final short[] before = new short[TABLE];
    private final byte[] last = new byte[TABLE];
    // the symbols of a code, from the end of this array, because a code's last symbol is known first
    private final byte[] symbols = new byte[TABLE + 1];
    private int pending = symbols.length;
    private int next;
    private int width;
    private int previous = -1;
    private int bits;
    private int bitCount;
    private boolean ended;

    /**
     * Creates a stream that decompresses {@code in}.
     *
     * @param symbolBits bits of an uncompressed value; 8 in a TIFF
     */
    LzwStream(InputStream in, Form form, int symbolBits) {
        this.in = in;
        this.form = form;
        this.symbolBits = symbolBits;
        clear = 1 << symbolBits;
        clearTable();
    }

    private void clearTable() {
        next = clear + 2;
        width = symbolBits + 1;
        previous = -1;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        int done = 0;
        while (done < count && (pending < symbols.length || expandNext())) {
            int taken = Math.min(count - done, symbols.length - pending);
            System.arraycopy(symbols, pending, target, offset + done, taken);
            pending += taken;
            done += taken;
        }
        return done == 0 && count > 0 ? -1 : done;
    }

    private boolean expandNext() throws IOException {
        while (!ended) {
            int code = nextCode();
            if (code < 0 || code == clear + 1) {
                ended = true;
            } else if (code == clear) {
                clearTable();
            } else {
                expand(code);
                return true;
            }
        }
        return false;
    }

    private void expand(int code) throws IOException {
        if (code > next || (code >= clear && previous < 0)) {
            throw new IOException("LZW code " + code + " before there are that many");
        }
        pending = symbols.length;
        int at = code;
        if (code == next) {
            // the code that this step defines: the previous code followed by its own first symbol
            pending--;
            at = previous;
        }
        while (at >= clear) {
            symbols[--pending] = last[at];
            at = before[at];
        }
        symbols[--pending] = (byte) at;
        if (code == next) {
            symbols[symbols.length - 1] = (byte) at;
        }
        if (previous >= 0 && next < TABLE) {
            before[next] = (short) previous;
            last[next] = (byte) at;
            next++;
            int full = form == Form.TIFF ? next + 1 : next;
            if (full == 1 << width && width < MOST_BITS) {
                width++;
            }
        }
        previous = code;
    }

    private int nextCode() throws IOException {
        while (bitCount < width) {
            int read = in.read();
            if (read < 0) {
                return -1;
            }
            bits = form == Form.TIFF ? (bits << 8) | read : bits | (read << bitCount);
            bitCount += 8;
        }
        int mask = (1 << width) - 1;
        bitCount -= width;
        if (form == Form.TIFF) {
            int code = (bits >>> bitCount) & mask;
            bits &= (1 << bitCount) - 1;
            return code;
        }
        int code = bits & mask;
        bits >>>= width;
        return code;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
