package io.planisphere.spark.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;

/** The common part of these formats as Spark file sources: they can be read, but not written. */
abstract class ReadOnlyFileFormat implements FileFormat, DataSourceRegister, Serializable {
    private static final long serialVersionUID = 1L;
    private static final String MAX_IMAGE_BYTES = "maximagebytes"; // Spark passes option names in lower case
    private static final String DEFAULT_MAX_IMAGE_BYTES = Long.toString(64 << 20);

    /** Opens one file, or one part of it, in a task. */
    interface RowReader extends Serializable {
        Iterator<InternalRow> open(PartitionedFile file, Configuration hadoop);
    }

    /** Returns the reader of the columns in {@code required}. */
    abstract RowReader reader(StructType required, java.util.Map<String, String> options);

    @Override
    public Function1<PartitionedFile, Iterator<InternalRow>> buildReader(
            SparkSession spark,
            StructType dataSchema,
            StructType partitionSchema,
            StructType required,
            Seq<Filter> filters,
            Map<String, String> options,
            Configuration hadoop) {
        RowReader reader = reader(required, scala.jdk.javaapi.CollectionConverters.asJava(options));
        var shared = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .broadcast(new SerializableConfiguration(hadoop));
        return new FileReader(reader, shared);
    }

    /** Returns the value of option {@code maxImageBytes}. */
    static long maxImageBytes(java.util.Map<String, String> options) {
        String given = options.entrySet().stream()
                .filter(option -> option.getKey().equalsIgnoreCase(MAX_IMAGE_BYTES))
                .map(java.util.Map.Entry::getValue)
                .findFirst()
                .orElse(DEFAULT_MAX_IMAGE_BYTES);
        try {
            return Long.parseLong(given);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "Option maxImageBytes must be a number of bytes, got '" + given + "'", e);
        }
    }

    /** Closes {@code open} at the end of the running task; without a task (on the driver) the caller must close it. */
    static void closeWithTask(Closeable open) {
        TaskContext task = TaskContext.get();
        if (task != null) {
            TaskCompletionListener close = done -> {
                try {
                    open.close();
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot close an input: " + e.getMessage(), e);
                }
            };
            task.addTaskCompletionListener(close);
        }
    }

    @Override
    public OutputWriterFactory prepareWrite(
            SparkSession spark, Job job, Map<String, String> options, StructType schema) {
        throw new UnsupportedOperationException(
                "The format " + shortName() + " can only be read; write Parquet instead, for example");
    }

    @Override
    public String toString() {
        return shortName();
    }
}
