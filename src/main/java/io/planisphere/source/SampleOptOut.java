package io.planisphere.source;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Whether the sample that is being read from a shard is opted out: by its key, by a photo's path, or by what its JSON says,
 * which may stand before its photos or after them.
 */
final class SampleOptOut {
    /** The same shard from its beginning. */
    @FunctionalInterface
    interface Again {
        /** Its samples with their sidecars. */
        WebDatasetSamples open() throws IOException;
    }

    private final OptOut list;
    private final Again shard;
    private String key = "";
    private boolean listed;

    SampleOptOut(OptOut list, Again shard) {
        this.list = list;
        this.shard = shard;
    }

    /** Without a list. */
    static SampleOptOut none() {
        return new SampleOptOut(OptOut.NONE, () -> {
            throw new IllegalStateException("Nobody looks ahead without a list");
        });
    }

    void begin(String sampleKey) {
        key = sampleKey;
        listed = list.holds(sampleKey);
    }

    /** As far as the sample has been read. */
    boolean isListed() {
        return listed;
    }

    /** Whether the sample is opted out, or this photo of it alone. */
    boolean lists(String path, String field) {
        return listed || list.holds(path) || list.holds(key + "." + field);
    }

    /** Whether what this file says could make a difference. */
    boolean asksFor(String field) {
        return !listed && !list.isEmpty() && (field.equals("json") || field.endsWith(".json"));
    }

    void read(byte[] json) {
        listed = listed || SidecarIds.anyOf(json, list::holds);
    }

    /**
     * Settles it for a sample that is too large to be held until its end, by reading the sidecars of the whole shard once.
     */
    void lookAhead() {
        if (listed || list.isEmpty()) {
            return;
        }
        try (WebDatasetSamples samples = shard.open()) {
            while (samples.hasNext()) {
                Sample sample = samples.next();
                if (sample.key().equals(key)) {
                    sample.sidecars().forEach((field, bytes) -> {
                        if (asksFor(field)) {
                            read(bytes);
                        }
                    });
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
