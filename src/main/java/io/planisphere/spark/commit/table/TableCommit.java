package io.planisphere.spark.commit.table;

/**
 * One of a run's commits, as recorded in the history of a table.
 *
 * @param run UUID of the output
 * @param epoch epoch of the run that made it
 * @param version version of the rows that it wrote, -1 for a part of a fence
 * @param part purpose of the commit
 */
record TableCommit(String run, long epoch, long version, Part part) {
    /** The purpose of a commit. */
    enum Part {
        /** Replaces batches. */
        ROWS,
        /** Writes one row whose file conflicts with the commits of all older epochs. */
        FENCE_ROW,
        /** Ends the fence, after which no commit of an older epoch succeeds. */
        FENCE
    }

    static TableCommit ofRows(String run, CommitId id) {
        return new TableCommit(run, id.epoch(), id.version(), Part.ROWS);
    }

    static TableCommit ofFence(String run, long epoch, Part part) {
        return new TableCommit(run, epoch, -1, part);
    }

    /** Returns a number that increases along the commits of a run. */
    long transaction() {
        return part == Part.ROWS ? new CommitId(epoch, version).transaction() : CommitId.fence(epoch);
    }

    @Override
    public String toString() {
        return part == Part.ROWS ? new CommitId(epoch, version).toString() : "the fence of epoch " + epoch;
    }
}
