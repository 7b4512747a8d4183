package io.planisphere.spark.commit;

import com.fasterxml.jackson.databind.JsonNode;
import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.Committed;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import io.planisphere.spark.commit.LogRecord.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The state that the records of a commit log add up to. Together with the plan it is all the state of a run. */
public final class LogState {
    private final List<JsonNode> plans = new ArrayList<>();
    private final SortedMap<Long, Begun> operations = new TreeMap<>();
    private final SortedMap<Long, CommittedBatch> batches = new TreeMap<>();
    /** The latest operation that labels each batch, begun or committed. */
    private final SortedMap<Long, Long> labelledBy = new TreeMap<>();

    /** Prepared commits by operation. */
    private final SortedMap<Long, Prepared> prepared = new TreeMap<>();

    private Optional<Begun> lastCommitted = Optional.empty();
    private String run = "";
    private long lastCommitVersion;
    private long version;
    private long epoch;

    /**
     * A commit to a table whose outcome is not in the log.
     *
     * @param version version of the record
     */
    record Prepared(long version, long epoch, Committed commit) {}

    LogState() {}

    /** Adds the next record. */
    void add(LogRecord record) {
        version++;
        epoch = Math.max(epoch, record.epoch());
        if (record.plan() != null) {
            plans.add(record.plan());
        }
        if (record.begun() != null) {
            operations.put(version, record.begun());
            if (record.begun().kind() == Kind.LABEL) {
                labelledBy.put(record.begun().batches().get(0), version);
            }
        }
        if (version == 1) {
            run = record.id();
        }
        if (record.prepared() != null) {
            prepared.put(record.prepared().operation(), new Prepared(version, record.epoch(), record.prepared()));
        }
        if (record.committed() != null) {
            commit(record.committed());
        }
    }

    private void commit(Committed committed) {
        committed.batches().forEach(batch -> batches.put(batch.batch(), batch));
        prepared.remove(committed.operation());
        lastCommitVersion = version;
        lastCommitted = Optional.ofNullable(operations.get(committed.operation()));
    }

    /** Returns the UUID of this log; empty for an empty log. */
    public String run() {
        return run;
    }

    /** Returns the commits whose outcome is unknown, oldest first. */
    List<Prepared> prepared() {
        return List.copyOf(prepared.values());
    }

    /** Returns the number of the last record; 0 for an empty log. */
    public long version() {
        return version;
    }

    /** Returns the highest epoch. */
    long epoch() {
        return epoch;
    }

    /** Returns the plans, oldest first. */
    public List<JsonNode> plans() {
        return Collections.unmodifiableList(plans);
    }

    /** Returns the batches that have their rows, by number. */
    public Collection<CommittedBatch> batches() {
        return Collections.unmodifiableCollection(batches.values());
    }

    /** Returns the batch with this number, if it has rows. */
    public Optional<CommittedBatch> batch(long number) {
        return Optional.ofNullable(batches.get(number));
    }

    /** Returns the interrupted batches, with the work that they cover: those that were begun and have no rows. */
    public List<Begun> interrupted() {
        return labelledBy.entrySet().stream()
                .filter(batch -> !batches.containsKey(batch.getKey()))
                .map(batch -> operation(batch.getValue()))
                .toList();
    }

    /** Returns an operation by its number. */
    Begun operation(long number) {
        Begun begun = operations.get(number);
        if (begun == null) {
            throw new IllegalStateException("The commit log has no operation " + number);
        }
        return begun;
    }

    /** Returns the first planned unit of work that no batch covers. */
    public long nextUnit() {
        return labelledBy.values().stream()
                .mapToLong(operation -> operation(operation).to())
                .max()
                .orElse(0);
    }

    /** Returns the number of the next new batch. */
    public long nextBatch() {
        return labelledBy.isEmpty() ? 0 : labelledBy.lastKey() + 1;
    }

    /** Returns the operation that was committed last. */
    public Optional<Begun> lastCommitted() {
        return lastCommitted;
    }

    /** Returns the number of the record that made the last commit; 0 if there is none. */
    public long lastCommitVersion() {
        return lastCommitVersion;
    }
}
