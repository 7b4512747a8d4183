package io.planisphere.spark.commit.table;

import io.planisphere.spark.commit.table.TableCommit.Part;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** What Spark leaves to the formats of tables: the identity of a commit, the history of commits, and a fence. */
interface TableFormat {
    /** No rows of a run have this batch; a fence may put a row of it into the table for a moment. */
    long FENCE_BATCH = -1;

    /** The format of a provider; one that is not known here has neither identity nor history nor fence. */
    static TableFormat of(SparkSession spark, TableName table, String provider) {
        return switch (provider) {
            case "delta" -> new DeltaFormat(spark, table);
            case "iceberg" -> new IcebergFormat(spark, table);
            default -> new UnknownFormat();
        };
    }

    /** Whether the rows of one batch must be in files of their own, so that an overwrite can drop whole files. */
    boolean needsPartitions();

    /** The commits that make a fence, in order; none where the format cannot have one. */
    List<Part> fence();

    /** Batches that every overwrite names beside its own. */
    Set<Long> guardBatches();

    /**
     * Options that give an overwrite its identity and make its commit fail if a later epoch has committed since this call.
     *
     * @throws FencedException if one has before
     */
    Map<String, String> options(TableCommit commit);

    /** Whether an overwrite may end well without a commit, so that the history must be asked. */
    boolean skipsSilently();

    /** Whether the history of the table holds this commit. */
    boolean holds(TableCommit commit);

    /** The highest epoch of the run that has committed anything. */
    OptionalLong newestEpoch(String run);

    /** Whether the overwrite failed only because another writer was faster, so that it can be tried again. */
    boolean isConflict(Throwable failure);
}
