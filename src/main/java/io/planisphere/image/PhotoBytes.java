package io.planisphere.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A photo as it is stored: the first bytes of an array, which is longer where {@link PhotoBuffers} had it before for a longer
 * photo. They are not to be changed.
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

    /** A whole array, not copied. */
    public static PhotoBytes of(byte[] bytes) {
        return new PhotoBytes(bytes, bytes.length, null);
    }

    /** Of a photo that is not read. */
    public static PhotoBytes none() {
        return NONE;
    }

    /** Where the photo stands, from 0 to {@link #length}; what comes after it is another photo's. */
    public byte[] array() {
        if (array == null) {
            throw new IllegalStateException("The photo was released, another may stand in its place");
        }
        return array;
    }

    public int length() {
        return length;
    }

    /** The photo and nothing else; a copy only where the array is longer. Nobody may {@link #release} it while this is used. */
    public byte[] toArray() {
        byte[] all = array();
        return all.length == length ? all : Arrays.copyOf(all, length);
    }

    /** Lets another photo take this one's place, if it lies in a lent array; who asks for its bytes later is refused. */
    public void release() {
        if (lender != null && array != null) {
            byte[] lent = array;
            array = null;
            lender.takeBack(lent);
        }
    }
}
