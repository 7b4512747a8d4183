package io.planisphere.spark.commit;

import java.util.Map;

/**
 * The counts of one batch: its inputs and its rows. Inputs are counted where they are read, rows where they are written.
 *
 * @param batch number of the batch
 * @param shards shards that it read; 0 for a batch of references
 * @param inputs photos that it has a row for
 * @param bytes bytes of its shards; 0 for references
 * @param videosSkipped videos among the photos, which do not count as inputs
 * @param replacedShards shards whose length differed from the plan
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

    /** Returns an account of the same inputs with other rows. */
    public BatchAccount with(long rows, Map<String, Long> statusOfRows) {
        return new BatchAccount(batch, shards, rows, bytes, videosSkipped, replacedShards, statusOfRows);
    }

    /** Returns the number of rows written. */
    public long rows() {
        return status.values().stream().mapToLong(Long::longValue).sum();
    }
}
