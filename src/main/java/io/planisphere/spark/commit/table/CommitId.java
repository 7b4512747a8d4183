package io.planisphere.spark.commit.table;

import java.util.Comparator;

/**
 * Names one commit of a run in the history of its table; one id stands for one set of rows.
 *
 * @param epoch of the run that commits; each run on an output has a higher one
 * @param version increases with every commit of an epoch
 */
public record CommitId(long epoch, long version) implements Comparable<CommitId> {
    /** Of the 63 bits of a transaction number, those for the version; a run has no more commits, nor more starts than the rest. */
    private static final int VERSION_BITS = 40;

    private static final long MAX_VERSION = (1L << VERSION_BITS) - 2;
    private static final long MAX_EPOCH = (1L << (63 - VERSION_BITS)) - 1;

    public CommitId {
        if (epoch < 0 || epoch > MAX_EPOCH || version < 0 || version > MAX_VERSION) {
            throw new IllegalArgumentException("Epoch " + epoch + " must be in [0, " + MAX_EPOCH + "] and version "
                    + version + " in [0, " + MAX_VERSION + "]");
        }
    }

    /** A number that is higher than all of earlier epochs and of earlier commits of this one. */
    long transaction() {
        return fence(epoch) + 1 + version;
    }

    /** A number that is higher than all of earlier epochs and lower than all commits of this one. */
    static long fence(long epoch) {
        return epoch << VERSION_BITS;
    }

    @Override
    public int compareTo(CommitId other) {
        return Comparator.comparingLong(CommitId::epoch)
                .thenComparingLong(CommitId::version)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return "commit " + version + " of epoch " + epoch;
    }
}
