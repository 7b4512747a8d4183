package io.planisphere.spark.commit.table;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a commit was refused because a later run on the same output has taken over its table. No rows of the commit are in
 * the table.
 */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FencedException(TableCommit commit, TableName table, long newestEpoch, @Nullable Throwable cause) {
        super(
                "Table " + table + " refused " + commit + ": a later run on this table, epoch " + newestEpoch
                        + ", has taken it over; nothing was written",
                cause);
    }
}
