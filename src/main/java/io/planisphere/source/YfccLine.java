package io.planisphere.source;

/** A line of the YFCC100M metadata, tab-separated: 25 columns, or 23 in the earlier file. */
public sealed interface YfccLine {
    record Parsed(YfccPhoto photo) implements YfccLine {}

    /**
     * No photo can be made of the line.
     *
     * @param lineMd5 names the line: it has no photo id that could
     * @param detail why, and how the line begins
     */
    record Malformed(String lineMd5, String detail) implements YfccLine {}

    /** Never throws: bad data is {@link Malformed}, or a field that is empty. */
    static YfccLine parse(String line) {
        return YfccParser.parse(line);
    }
}
