package io.planisphere.spark;

import java.util.Map;

/**
 * What one batch took in and gave out. The inputs are counted where they are read, the rows where they have been written.
 *
 * @param batch its number
 * @param shards tars it read; 0 for a batch of references
 * @param inputs photos it had to answer for
 * @param bytes of its shards; 0 for references
 * @param videosSkipped videos among the photos, which are no inputs
 * @param replacedShards shards that were not as long as planned
 * @param status rows by status code
 */
public record BatchAccount(
        long batch,
        long shards,
        long inputs,
        long bytes,
        long videosSkipped,
        long replacedShards,
        Map<String, Long> status) {

    /** Rows written. */
    public long rows() {
        return status.values().stream().mapToLong(Long::longValue).sum();
    }
}
