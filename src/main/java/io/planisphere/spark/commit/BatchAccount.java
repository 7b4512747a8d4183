package io.planisphere.spark.commit;

import java.util.Map;

/**
 * What one batch took in and gave out. Inputs are counted where they are read, rows where they are written.
 *
 * @param batch its number
 * @param shards shards it read; 0 for a batch of references
 * @param inputs photos that it has a row for
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

    /** The same inputs with other rows. */
    public BatchAccount with(long rows, Map<String, Long> statusOfRows) {
        return new BatchAccount(batch, shards, rows, bytes, videosSkipped, replacedShards, statusOfRows);
    }

    /** Rows written. */
    public long rows() {
        return status.values().stream().mapToLong(Long::longValue).sum();
    }
}
