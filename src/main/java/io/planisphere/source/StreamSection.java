package io.planisphere.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A fixed number of bytes of a stream; an earlier end is damage. Does not close the underlying stream. */
final class StreamSection extends InputStream {
    private final InputStream all;
    private long left;

    StreamSection(InputStream all, long length) throws IOException {
        if (length < 0) {
            throw new IOException("a section of " + length + " bytes cannot be");
        }
        this.all = all;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int read = all.read(target, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new EOFException("the file ends " + left + " bytes too early");
        }
        left -= read;
        return read;
    }
}
