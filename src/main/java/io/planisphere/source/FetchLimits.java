package io.planisphere.source;

import java.io.Serializable;
import java.time.Duration;

/**
 * The limits of prefetching by one task. Between the bounds, the number of objects depends on the latency of the store and the
 * throughput of the task.
 *
 * @param fewestInFlight minimum number of concurrent requests
 * @param mostInFlight maximum number of concurrent requests; each has a thread
 * @param bytesInFlight bytes held for photos not yet taken; one photo alone may exceed it
 * @param maxImageBytes photos over it become {@code too_large} rows without being read
 * @param longestWait timeout for a photo on a file system, whose own timeouts should be shorter; HTTP has its own
 */
public record FetchLimits(
        int fewestInFlight, int mostInFlight, long bytesInFlight, long maxImageBytes, Duration longestWait)
        implements Serializable {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    public FetchLimits {
        if (fewestInFlight < 1 || mostInFlight < fewestInFlight || bytesInFlight < 1 || maxImageBytes < 1) {
            throw new IllegalArgumentException(
                    "Fetch limits must be at least 1 and the most no less than the fewest, got " + fewestInFlight
                            + " to " + mostInFlight + " objects and " + bytesInFlight + " bytes in flight, "
                            + maxImageBytes + " bytes per photo");
        }
        maxImageBytes = Math.min(maxImageBytes, Integer.MAX_VALUE - 8);
    }

    /** Creates limits with ten minutes as the longest wait. */
    public FetchLimits(int fewestInFlight, int mostInFlight, long bytesInFlight, long maxImageBytes) {
        this(fewestInFlight, mostInFlight, bytesInFlight, maxImageBytes, LONGEST_WAIT);
    }

    /** Returns the message for a photo that exceeds the maximum size. */
    public static String exceeded(String size, long maxImageBytes) {
        return size + ", the cap is " + maxImageBytes + "; raise --max-bytes to read it";
    }

    /** Returns limits with 8 to 128 objects and 64 MiB in flight. */
    public static FetchLimits ofMaxImageBytes(long maxImageBytes) {
        return new FetchLimits(8, 128, 64 << 20, maxImageBytes);
    }
}
