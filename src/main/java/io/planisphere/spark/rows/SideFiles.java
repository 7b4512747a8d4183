package io.planisphere.spark.rows;

import java.io.IOException;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The driver's view of files that a job's tasks write beside its rows. Each task attempt uses unique names; a commit names the
 * files that its rows refer to, and all others are garbage.
 */
public interface SideFiles {
    /** An operation and its files. */
    interface Batch {
        /** Returns the rows whose tasks also write the files. */
        JobRows rows();

        /** Returns the number of tasks for the work. */
        int tasks();
    }

    /** Returns the references with all columns that tasks need, in the order in which each task must process its own. */
    Dataset<Row> prepared(Dataset<Row> references) throws IOException;

    /** Begins an operation on prepared references. */
    Batch begin(long operation, Dataset<Row> references) throws IOException;

    /**
     * Begins an operation on shards of this total size in bytes.
     *
     * @param mostTasks maximum number of tasks for the work
     */
    Batch begin(long operation, long shardBytes, int mostTasks) throws IOException;

    /**
     * Removes the files that no row refers to.
     *
     * @param committed names of the files that rows refer to
     * @param mayRemove whether a file with this name may be removed; files of a later run may not
     */
    void removeGarbage(Set<String> committed, Predicate<String> mayRemove) throws IOException;
}
