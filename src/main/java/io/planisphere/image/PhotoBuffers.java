package io.planisphere.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Arrays to read photos into, lent anew once a photo is released. A fresh array for each photo would go through main memory
 * twice, once as zeros; one that has just been read stands in the core's own cache.
 *
 * <p>A photo that nobody releases costs what it would cost without: its array is fresh, as long as was asked for, and the
 * garbage collector's in the end. Safe for several threads.
 */
public final class PhotoBuffers {
    /** Of arrays that wait for a photo; larger ones are dropped rather than kept for a photo like theirs. */
    private static final long MAX_IDLE_BYTES = 8 << 20;

    private final List<byte[]> idle = new ArrayList<>();
    private long idleBytes;

    /** The shortest idle array of this length or more, or a fresh one of this length. */
    public synchronized byte[] lend(int length) {
        Comparator<byte[]> byLength = Comparator.comparingInt(array -> array.length);
        byte[] lent = idle.stream()
                .filter(array -> array.length >= length)
                .min(byLength)
                .orElse(null);
        if (lent != null) {
            drop(lent);
            return lent;
        }
        // in place of the shortest, so that arrays grow to what photos need and not in number
        idle.stream().min(byLength).ifPresent(this::drop);
        return new byte[length];
    }

    /** A photo in an array that was lent here; its release gives the array back. */
    public PhotoBytes filled(byte[] lent, int length) {
        return new PhotoBytes(lent, length, this);
    }

    /** Ends a loan: of an array that no {@link PhotoBytes} were made of, or by their release. */
    public synchronized void takeBack(byte[] lent) {
        if (idleBytes + lent.length <= MAX_IDLE_BYTES) {
            idle.add(lent);
            idleBytes += lent.length;
        }
    }

    private void drop(byte[] array) {
        idle.removeIf(other -> other == array);
        idleBytes -= array.length;
    }
}
