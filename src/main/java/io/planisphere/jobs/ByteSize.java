package io.planisphere.jobs;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses numbers of bytes: {@code 1000000}, {@code 256M}, {@code 1.5G}; K, M, G and T are powers of 1024. */
final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT]?)(?:I?B)?");
    private static final String UNITS = "KMGT";

    private ByteSize() {}

    /**
     * Parses a size of at least one byte.
     *
     * @throws IllegalArgumentException if it is invalid; the message describes valid values
     */
    static long parse(String option, String given) {
        Matcher size = SIZE.matcher(given.strip().toUpperCase(Locale.ROOT));
        double bytes = size.matches()
                ? Double.parseDouble(size.group(1))
                        * Math.pow(1024, size.group(2).isEmpty() ? 0 : UNITS.indexOf(size.group(2)) + 1.0)
                : 0;
        if (bytes < 1 || bytes > Long.MAX_VALUE / 2.0) {
            throw new IllegalArgumentException(
                    option + " must be a number of bytes such as 256M or 1G, got '" + given + "'");
        }
        return (long) bytes;
    }
}
