package io.planisphere.spark.commit.table;

import java.util.Comparator;

/**
 * Identifies one commit of a run in the history of its table; each id belongs to exactly one set of rows.
 *
 * @param epoch epoch of the run that commits; increases with every run on an output
 * @param version number that increases with every commit of an epoch
 */
public record CommitId(long epoch, long version) implements Comparable<CommitId> {
    /**
     * Bits for the version among the 63 of a transaction number; enough for the commits of a run, and the rest is enough for its
     * epochs.
     */
    private static final int VERSION_BITS = 40;

    private static final long MAX_VERSION = (1L << VERSION_BITS) - 2;
    private static final long MAX_EPOCH = (1L << (63 - VERSION_BITS)) - 1;

    public CommitId {
        if (epoch < 0 || epoch > MAX_EPOCH || version < 0 || version > MAX_VERSION) {
            throw new IllegalArgumentException("Epoch " + epoch + " must be in [0, " + MAX_EPOCH + "] and version "
                    + version + " in [0, " + MAX_VERSION + "]");
        }
    }

    /** Returns a number that is higher than all numbers of earlier epochs and of earlier commits in this epoch. */
    long transaction() {
        return fence(epoch) + 1 + version;
    }

    /** Returns a number that is higher than all numbers of earlier epochs and lower than those of all commits in this epoch. */
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
