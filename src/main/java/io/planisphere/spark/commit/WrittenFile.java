package io.planisphere.spark.commit;

import java.io.Serializable;
import java.util.Map;

/**
 * A Parquet file that a task has written. It is part of the output once a commit names it.
 *
 * @param batch that its rows belong to
 * @param name in the folder of the batch
 * @param status rows by status code
 */
public record WrittenFile(long batch, String name, Map<String, Long> status) implements Serializable {
    /** Rows in the file. */
    public long rows() {
        return status.values().stream().mapToLong(Long::longValue).sum();
    }
}
