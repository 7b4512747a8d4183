package io.planisphere.source;

import java.io.Serializable;
import java.time.Duration;

/**
 * How much one task fetches ahead. Between the bounds, the number of objects follows from how late the store answers and how fast
 * the task works.
 *
 * @param fewestInFlight objects asked for at a time, at least
 * @param mostInFlight objects asked for at a time, at most; each in flight has a thread
 * @param bytesInFlight bytes held for photos not yet taken; one photo alone may exceed it
 * @param maxImageBytes photos over it become {@code too_large} rows without being read
 * @param longestWait for a photo of a file system, whose own deadlines should be shorter; HTTP has its own
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

    /** With ten minutes as the longest wait. */
    public FetchLimits(int fewestInFlight, int mostInFlight, long bytesInFlight, long maxImageBytes) {
        this(fewestInFlight, mostInFlight, bytesInFlight, maxImageBytes, LONGEST_WAIT);
    }

    /** What to say of a photo with more bytes than it may have. */
    public static String exceeded(String size, long maxImageBytes) {
        return size + ", the cap is " + maxImageBytes + "; raise --max-bytes to read it";
    }

    /** 8 to 128 objects and 64 MiB in flight. */
    public static FetchLimits ofMaxImageBytes(long maxImageBytes) {
        return new FetchLimits(8, 128, 64 << 20, maxImageBytes);
    }
}
