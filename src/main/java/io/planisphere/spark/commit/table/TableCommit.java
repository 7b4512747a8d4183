package io.planisphere.spark.commit.table;

/**
 * One commit of ours as the history of a table holds it.
 *
 * @param run UUID of the output
 * @param epoch of the run that made it
 * @param version of the rows that it brought, -1 for a part of a fence
 * @param part what it is for
 */
record TableCommit(String run, long epoch, long version, Part part) {
    /** What a commit is for. */
    enum Part {
        /** Replaces batches. */
        ROWS,
        /** Puts one row in place whose file conflicts with the commits of all older epochs. */
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

    /** Increases along the commits of a run. */
    long transaction() {
        return part == Part.ROWS ? new CommitId(epoch, version).transaction() : CommitId.fence(epoch);
    }

    @Override
    public String toString() {
        return part == Part.ROWS ? new CommitId(epoch, version).toString() : "the fence of epoch " + epoch;
    }
}
