package io.planisphere.source;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Determines whether the current sample of a shard is opted out: by its key, by a photo's path, or by ids in its JSON, which may
 * come before or after its photos.
 */
final class SampleOptOut {
    /** Opens the same shard again. */
    @FunctionalInterface
    interface Again {
        /** Returns its samples with their sidecars. */
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

    /** Returns an instance without an opt-out list. */
    static SampleOptOut none() {
        return new SampleOptOut(OptOut.NONE, () -> {
            throw new IllegalStateException("Nobody looks ahead without a list");
        });
    }

    void begin(String sampleKey) {
        key = sampleKey;
        listed = list.holds(sampleKey);
    }

    /** Returns whether the sample is opted out, as far as it has been read. */
    boolean isListed() {
        return listed;
    }

    /** Returns whether the sample, or only this photo of it, is opted out. */
    boolean lists(String path, String field) {
        return listed || list.holds(path) || list.holds(key + "." + field);
    }

    /** Returns whether the content of this file could change the result. */
    boolean asksFor(String field) {
        return !listed && !list.isEmpty() && (field.equals("json") || field.endsWith(".json"));
    }

    void read(byte[] json) {
        listed = listed || SidecarIds.anyOf(json, list::holds);
    }

    /** Decides for a sample that is too large to be held until its end, by reading the sidecars of the whole shard once. */
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
