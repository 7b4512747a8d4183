package io.planisphere.source;

import io.planisphere.image.PhotoBuffers;
import io.planisphere.image.PhotoBytes;
import java.io.IOException;
import java.io.InputStream;

/** Reads photos into pooled arrays. Thread-safe. */
final class PhotoBody {
    private static final int FIRST_READ_BYTES = 1 << 18;

    private final PhotoBuffers buffers = new PhotoBuffers();
    private final long maxImageBytes;

    PhotoBody(long maxImageBytes) {
        this.maxImageBytes = maxImageBytes;
    }

    /**
     * Reads all bytes, up to one byte over the maximum.
     *
     * @param length length of the photo; negative if unknown
     */
    PhotoBytes read(InputStream in, long length) throws IOException {
        long most = length < 0 ? Math.min(maxImageBytes + 1, Integer.MAX_VALUE - 8) : length;
        byte[] buffer = buffers.lend((int) (length < 0 ? Math.min(most, FIRST_READ_BYTES) : length));
        int read = 0;
        try {
            read = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, most));
            while (read == buffer.length && read < most) {
                byte[] longer = buffers.lend((int) Math.min(most, 2L * read));
                System.arraycopy(buffer, 0, longer, 0, read);
                buffers.takeBack(buffer);
                buffer = longer;
                read += in.readNBytes(buffer, read, (int) Math.min(buffer.length, most) - read);
            }
        } catch (IOException e) {
            buffers.takeBack(buffer);
            throw e;
        }
        return buffers.filled(buffer, read);
    }
}
