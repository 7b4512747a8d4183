package io.planisphere.spark.format;

import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.util.SerializableConfiguration;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** The function that Spark sends to the executors; Hadoop's configuration is broadcast once. */
final class FileReader extends AbstractFunction1<PartitionedFile, Iterator<InternalRow>> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ReadOnlyFileFormat.RowReader reader;
    private final Broadcast<SerializableConfiguration> hadoop;

    FileReader(ReadOnlyFileFormat.RowReader reader, Broadcast<SerializableConfiguration> hadoop) {
        this.reader = reader;
        this.hadoop = hadoop;
    }

    @Override
    public Iterator<InternalRow> apply(PartitionedFile file) {
        return reader.open(file, hadoop.value().value());
    }
}
