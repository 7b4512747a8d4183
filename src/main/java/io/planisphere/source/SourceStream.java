package io.planisphere.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Counts bytes and records a failure of the underlying stream, so that a reader can distinguish damaged data (a row) from a
 * failed storage (a failure of the task).
 */
final class SourceStream extends FilterInputStream {
    private final byte[] skipped = new byte[1 << 16];
    private long position;
    private long limit = Long.MAX_VALUE;
    private @Nullable IOException failure;

    SourceStream(InputStream in) {
        super(in);
    }

    /** Returns the number of bytes read so far. */
    long position() {
        return position;
    }

    /** Returns the exception of the underlying stream, if there was one. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** Limits further reading to {@code bytes}. */
    void allow(long bytes) {
        limit = position + bytes;
    }

    void allowAll() {
        limit = Long.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (position + length > limit) {
            throw new IOException("an entry's header takes more than its " + (limit - position) + " bytes left");
        }
        try {
            int read = super.read(bytes, offset, length);
            position += Math.max(read, 0);
            return read;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    // Hadoop's streams may silently skip past the end of a file; only reading detects the end.
    @Override
    public long skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            int read = read(skipped, 0, (int) Math.min(left, skipped.length));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return bytes - left;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
