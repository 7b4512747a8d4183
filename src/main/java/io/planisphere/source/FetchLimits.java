package io.planisphere.source;

import java.io.Serializable;

/**
 * How much one task fetches ahead.
 *
 * @param objectsInFlight objects asked for at a time, and threads
 * @param bytesInFlight bytes held for photos not yet taken; one photo alone may exceed it
 * @param maxImageBytes photos over it become {@code too_large} rows without being read
 */
public record FetchLimits(int objectsInFlight, long bytesInFlight, long maxImageBytes) implements Serializable {
    public FetchLimits {
        if (objectsInFlight < 1 || bytesInFlight < 1 || maxImageBytes < 1) {
            throw new IllegalArgumentException("Fetch limits must be at least 1, got " + objectsInFlight
                    + " objects and " + bytesInFlight + " bytes in flight, " + maxImageBytes + " bytes per photo");
        }
        maxImageBytes = Math.min(maxImageBytes, Integer.MAX_VALUE - 8);
    }

    /** Eight objects and 64 MiB in flight. */
    public static FetchLimits ofMaxImageBytes(long maxImageBytes) {
        return new FetchLimits(8, 64 << 20, maxImageBytes);
    }
}
