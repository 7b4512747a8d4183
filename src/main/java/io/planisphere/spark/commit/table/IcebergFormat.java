package io.planisphere.spark.commit.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.desc;

import io.planisphere.spark.commit.table.TableCommit.Part;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Apache Iceberg. It has no transaction numbers, but an overwrite with the isolation level {@code serializable} fails if, since a
 * given snapshot, any commit added or deleted files that match its filter; even if these files were removed again, and even if
 * the overwrite has no rows. The catalog's atomic commit decides.
 *
 * <p>So the filter of every overwrite names, beside its own batches, one batch that never has rows, and a fence is two commits:
 * one that puts a single row of that batch in place, and one that deletes it. Any pending commit of an older epoch, for whichever
 * batch, began at a snapshot before the first of these commits and fails. A commit that begins later first reads the snapshot
 * that it is validated from, and then the history up to it: a higher epoch is either found there, or commits after that snapshot
 * and makes it fail. So a fence does not depend on what older epochs were doing, and it rewrites no rows of batches.
 */
final class IcebergFormat implements TableFormat {
    private static final String RUN = "planisphere.run";
    private static final String EPOCH = "planisphere.epoch";
    private static final String VERSION = "planisphere.version";
    private static final String PART = "planisphere.part";

    private final SparkSession spark;
    private final TableName table;

    IcebergFormat(SparkSession spark, TableName table) {
        this.spark = spark;
        this.table = table;
    }

    @Override
    public boolean needsPartitions() {
        return true;
    }

    @Override
    public List<Part> fence() {
        return List.of(Part.FENCE_ROW, Part.FENCE);
    }

    @Override
    public Set<Long> guardBatches() {
        return Set.of(FENCE_BATCH);
    }

    @Override
    public Map<String, String> options(TableCommit commit) {
        Map<String, String> options = new HashMap<>();
        options.put("isolation-level", "serializable");
        property(options, RUN, commit.run());
        property(options, EPOCH, Long.toString(commit.epoch()));
        property(options, VERSION, Long.toString(commit.version()));
        property(options, PART, commit.part().name());
        // the order matters: see the Javadoc of this class
        currentSnapshot().ifPresent(snapshot -> options.put("validate-from-snapshot-id", snapshot));
        OptionalLong newest = newestEpoch(commit.run());
        if (newest.isPresent() && newest.getAsLong() > commit.epoch()) {
            throw new FencedException(commit, table, newest.getAsLong(), null);
        }
        return options;
    }

    private static void property(Map<String, String> options, String key, String value) {
        options.put("snapshot-property." + key, value);
    }

    @Override
    public boolean skipsSilently() {
        return false;
    }

    @Override
    public boolean holds(TableCommit commit) {
        refresh();
        return !snapshots(commit.run())
                .where(summary(EPOCH)
                        .equalTo(Long.toString(commit.epoch()))
                        .and(summary(VERSION).equalTo(Long.toString(commit.version())))
                        .and(summary(PART).equalTo(commit.part().name())))
                .join(ancestors(), "snapshot_id")
                .isEmpty();
    }

    @Override
    public OptionalLong newestEpoch(String run) {
        refresh();
        // includes snapshots that were rolled back: they were commits of a later run
        List<Row> newest = snapshots(run)
                .select(summary(EPOCH).cast("bigint").as("epoch"))
                .orderBy(desc("epoch"))
                .limit(1)
                .collectAsList();
        return newest.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(newest.get(0).getLong(0));
    }

    @Override
    public boolean isConflict(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String name = cause.getClass().getName();
            if (name.equals("org.apache.iceberg.exceptions.ValidationException")
                    || name.equals("org.apache.iceberg.exceptions.CommitFailedException")) {
                return true;
            }
        }
        return false;
    }

    /** Drops the catalog's cached metadata of the table. */
    private void refresh() {
        spark.catalog().refreshTable(table.quoted());
    }

    private Optional<String> currentSnapshot() {
        refresh();
        return spark.sql("SHOW TBLPROPERTIES " + table.quoted()).collectAsList().stream()
                .filter(property -> property.getString(0).equals("current-snapshot-id"))
                .map(property -> property.getString(1))
                .filter(snapshot -> !snapshot.equals("none"))
                .findFirst();
    }

    /**
     * Returns the snapshots of a run. Iceberg stores all snapshots in one file, so they are read at once; expiring old ones keeps
     * it small.
     */
    private Dataset<Row> snapshots(String run) {
        return spark.table(table.quoted() + ".snapshots").where(summary(RUN).equalTo(run));
    }

    private Dataset<Row> ancestors() {
        return spark.table(table.quoted() + ".history")
                .where("is_current_ancestor")
                .select("snapshot_id")
                .distinct();
    }

    private static Column summary(String key) {
        return col("summary").getItem(key);
    }
}
