package io.planisphere.gallery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The layout of {@code gallery.bin}, little-endian.
 *
 * <ol>
 *   <li>head: {@link #MAGIC}, then as ints the width of the embeddings, the number of cells, the number of photos and 1 if it has
 *       names; the 32 bytes of the backbone's digest; the mean embedding (floats); per cell and once more the position of the
 *       first photo (ints) and of the block (longs); filled up to 8 bytes
 *   <li>a block per cell: codes of its photos ({@link Vectors}), one behind the other; a record of 40 bytes per photo (latitude,
 *       longitude, scale, 0 as floats; hashes of user and photo, and of the photo in its shard); the 8-bit values; filled up to 8
 *       bytes
 *   <li>names, if any: the position of each photo's name and the end of the last (ints), then the names in UTF-8
 * </ol>
 *
 * @param width values per embedding
 * @param starts position of each cell's first photo, and the number of photos
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record GalleryLayout(int width, int[] starts) {
    static final long MAGIC = 0x314C_4147_4F54_4850L; // "PHOTGAL1" in ASCII

    static final int RECORD = 40;
    static final int DIGEST = 32;

    /** Bytes before the mean embedding. */
    static final int FIXED = Long.BYTES + 4 * Integer.BYTES + DIGEST;

    int cells() {
        return starts.length - 1;
    }

    int photos() {
        return starts[starts.length - 1];
    }

    int photos(int cell) {
        return starts[cell + 1] - starts[cell];
    }

    int codeBytes() {
        return Vectors.words(width) * Long.BYTES;
    }

    long head() {
        return filled(FIXED + (long) Float.BYTES * width + (long) (Integer.BYTES + Long.BYTES) * starts.length);
    }

    /** Returns the size of the block of a cell. */
    long block(int cell) {
        return filled((long) photos(cell) * (codeBytes() + RECORD + width));
    }

    /** Returns the position of each block, and the end of the last. */
    long[] blocks() {
        long[] blocks = new long[starts.length];
        blocks[0] = head();
        for (int cell = 0; cell < cells(); cell++) {
            blocks[cell + 1] = blocks[cell] + block(cell);
        }
        return blocks;
    }

    static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long filled(long bytes) {
        return (bytes + 7) / 8 * 8;
    }
}
