package io.planisphere.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A pool of arrays for photos, reused once a photo is released. A new array for each photo would go through main memory twice,
 * once for zeroing; a recently used one is still in the core's cache.
 *
 * <p>A photo that is never released costs no more than without the pool: its array is new, of the requested length, and
 * eventually garbage-collected. Thread-safe.
 */
public final class PhotoBuffers {
    /** Maximum total size of idle arrays; larger arrays are dropped rather than kept. */
    private static final long MAX_IDLE_BYTES = 8 << 20;

    private final List<byte[]> idle = new ArrayList<>();
    private long idleBytes;

    /** Returns the shortest idle array of at least this length, or a new one of this length. */
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
        // replaces the shortest idle array, so that arrays grow in size rather than in number
        idle.stream().min(byLength).ifPresent(this::drop);
        return new byte[length];
    }

    /** Returns a photo in an array of this pool; releasing the photo returns the array. */
    public PhotoBytes filled(byte[] lent, int length) {
        return new PhotoBytes(lent, length, this);
    }

    /** Returns an array to the pool: one without {@link PhotoBytes}, or when they are released. */
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
