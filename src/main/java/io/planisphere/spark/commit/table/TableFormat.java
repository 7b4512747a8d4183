package io.planisphere.spark.commit.table;

import io.planisphere.spark.commit.table.TableCommit.Part;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** The format-specific part of table commits: commit ids, the history of commits, and fences. */
interface TableFormat {
    /** The batch of a fence's row, which may be in the table for a moment; no rows of a run have it. */
    long FENCE_BATCH = -1;

    /** Returns the format of a provider; unknown formats have neither commit ids nor history nor fences. */
    static TableFormat of(SparkSession spark, TableName table, String provider) {
        return switch (provider) {
            case "delta" -> new DeltaFormat(spark, table);
            case "iceberg" -> new IcebergFormat(spark, table);
            default -> new UnknownFormat();
        };
    }

    /** Returns whether the rows of each batch must be in separate files, so that an overwrite can drop whole files. */
    boolean needsPartitions();

    /** Returns the commits that make a fence, in order; empty if the format has no fences. */
    List<Part> fence();

    /** Returns the batches that the filter of every overwrite names besides its own. */
    Set<Long> guardBatches();

    /**
     * Returns the write options that record an overwrite's id and make its commit fail if a later epoch has committed since this
     * call.
     *
     * @throws FencedException if a later epoch has committed before this call
     */
    Map<String, String> options(TableCommit commit);

    /** Returns whether an overwrite may succeed without a commit, so that the history must be checked. */
    boolean skipsSilently();

    /** Returns whether the history of the table contains this commit. */
    boolean holds(TableCommit commit);

    /** Returns the highest epoch with a commit of the run. */
    OptionalLong newestEpoch(String run);

    /** Returns whether the overwrite failed only because another writer was faster, so that it can be retried. */
    boolean isConflict(Throwable failure);
}
