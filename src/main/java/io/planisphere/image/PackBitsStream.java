package io.planisphere.image;

import java.io.IOException;
import java.io.InputStream;

/** Decompresses PackBits (TIFF 6.0, section 9): literals and runs of up to 128 bytes. */
final class PackBitsStream extends InputStream {
    private static final int NOTHING = 128;

    private final InputStream in;
    private int literals;
    private int repeats;
    private int repeated;

    PackBitsStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        int done = 0;
        while (done < count && hasMore()) {
            int value = literals > 0 ? in.read() : repeated;
            if (value < 0) {
                break; // truncated
            }
            if (literals > 0) {
                literals--;
            } else {
                repeats--;
            }
            target[offset + done] = (byte) value;
            done++;
        }
        return done == 0 && count > 0 ? -1 : done;
    }

    /** Reads codes until there is a value to return. */
    private boolean hasMore() throws IOException {
        while (literals == 0 && repeats == 0) {
            int code = in.read();
            if (code < 0) {
                return false;
            }
            if (code < NOTHING) {
                literals = code + 1;
            } else if (code > NOTHING) {
                repeats = 257 - code;
                repeated = in.read();
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
