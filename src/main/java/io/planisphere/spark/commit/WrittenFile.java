package io.planisphere.spark.commit;

import java.io.Serializable;
import java.util.Map;

/**
 * A Parquet file that a task has written. It is part of the output once a commit names it.
 *
 * @param batch batch of its rows
 * @param name file name in the folder of the batch
 * @param status its rows by status code
 */
public record WrittenFile(long batch, String name, Map<String, Long> status) implements Serializable {
    /** Returns the number of rows in the file. */
    public long rows() {
        return status.values().stream().mapToLong(Long::longValue).sum();
    }
}
