package io.planisphere.spark;

import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the tasks of a job write beside its rows, as the driver sees it: a batch is begun, its tasks write under names of their
 * own, and what stands in the end is what the committed rows belong to.
 */
public interface SideFiles {
    /** One batch of rows and its files. */
    interface Batch {
        /** Makes the rows and writes the files, in tasks. */
        JobRows rows();

        /** How many tasks are to share the work. */
        int tasks();

        /** The rows stand: puts the files of the tasks that wrote them in their place. */
        void commit() throws IOException;
    }

    /** The references with all that tasks need to know, in the order in which each task is to take its own. */
    Dataset<Row> prepared(Dataset<Row> references);

    /** Begins a batch of references, prepared; what a start that was cut short left of it is thrown away. */
    Batch begin(long number, Dataset<Row> references) throws IOException;

    /**
     * Begins a batch of shards of so many bytes; what a start that was cut short left of it is thrown away.
     *
     * @param mostTasks that the work can be shared by
     */
    Batch begin(long number, long shardBytes, int mostTasks) throws IOException;
}
