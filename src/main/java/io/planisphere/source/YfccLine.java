package io.planisphere.source;

/** A line of the YFCC100M metadata, tab-separated: 25 columns, or 23 in the earlier file. */
public sealed interface YfccLine {
    record Parsed(YfccPhoto photo) implements YfccLine {}

    /**
     * A line that cannot be parsed as a photo.
     *
     * @param lineMd5 identifies the line, which has no usable photo id
     * @param detail the reason, and the beginning of the line
     */
    record Malformed(String lineMd5, String detail) implements YfccLine {}

    /** Parses a line. Never throws: invalid data results in {@link Malformed}, or in an empty field. */
    static YfccLine parse(String line) {
        return YfccParser.parse(line);
    }
}
