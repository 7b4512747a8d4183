package io.planisphere.spark.rows;

import java.io.IOException;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the tasks of a job write beside its rows, as the driver sees it. Tasks write under names that only they use; a commit names
 * the files that its rows refer to, and the others are garbage.
 */
public interface SideFiles {
    /** One operation and its files. */
    interface Batch {
        /** Makes the rows and writes the files, in tasks. */
        JobRows rows();

        /** How many tasks are to share the work. */
        int tasks();
    }

    /** The references with all that tasks need to know, in the order in which each task is to take its own. */
    Dataset<Row> prepared(Dataset<Row> references) throws IOException;

    /** Begins an operation on references, prepared. */
    Batch begin(long operation, Dataset<Row> references) throws IOException;

    /**
     * Begins an operation on shards of so many bytes.
     *
     * @param mostTasks that the work can be shared by
     */
    Batch begin(long operation, long shardBytes, int mostTasks) throws IOException;

    /**
     * Removes the files that no row refers to.
     *
     * @param committed those that rows refer to
     * @param mayRemove whether a file with this name is none of another run, which looks after its own
     */
    void removeGarbage(Set<String> committed, Predicate<String> mayRemove) throws IOException;
}
