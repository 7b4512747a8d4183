package io.planisphere.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The encoded bytes of a photo: a prefix of an array, which is longer if {@link PhotoBuffers} used it before for a longer photo.
 * They must not be modified.
 */
public final class PhotoBytes {
    private static final PhotoBytes NONE = of(new byte[0]);

    private final int length;
    private final @Nullable PhotoBuffers lender;
    private byte @Nullable [] array;

    PhotoBytes(byte[] array, int length, @Nullable PhotoBuffers lender) {
        this.array = array;
        this.length = length;
        this.lender = lender;
    }

    /** Returns the bytes of a whole array, without copying it. */
    public static PhotoBytes of(byte[] bytes) {
        return new PhotoBytes(bytes, bytes.length, null);
    }

    /** Returns the bytes of a photo that was not read. */
    public static PhotoBytes none() {
        return NONE;
    }

    /** Returns the array with the photo from 0 to {@link #length}; bytes after it belong to another photo. */
    public byte[] array() {
        if (array == null) {
            throw new IllegalStateException("The photo was released, another may stand in its place");
        }
        return array;
    }

    public int length() {
        return length;
    }

    /** Returns exactly the photo's bytes, copied only if the array is longer. They must not be used after {@link #release}. */
    public byte[] toArray() {
        byte[] all = array();
        return all.length == length ? all : Arrays.copyOf(all, length);
    }

    /** Returns the array to its pool, if it is from one; later access to the bytes throws. */
    public void release() {
        if (lender != null && array != null) {
            byte[] lent = array;
            array = null;
            lender.takeBack(lent);
        }
    }
}
