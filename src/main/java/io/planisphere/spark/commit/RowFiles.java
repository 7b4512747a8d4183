package io.planisphere.spark.commit;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The files to which the tasks of one operation write rows: {@code
 * <folder>/batch=<n>/part-<operation>-<task>-<attempt>-<k>.<codec>.parquet}. The name is unique to the task attempt, so a file is
 * written once and never renamed.
 *
 * @param folder parent of the folders of batches
 * @param operation number of the operation in the commit log
 * @param schema schema of the rows, without the batch
 * @param codec value of {@code spark.sql.parquet.compression.codec}
 */
public record RowFiles(
        String folder, long operation, StructType schema, String codec, Broadcast<SerializableConfiguration> hadoop)
        implements Serializable {
    static final String BATCH = "batch=";
    private static final String STATUS = "status";

    /** Names of row files, and of the files beside them. */
    private static final Pattern NAME = Pattern.compile("(?:part-)?(\\d{6,})-\\d{5,}-\\d+-\\d+\\..*");

    /** Returns the folder of a batch. */
    static Path folderOf(Path rows, long batch) {
        return new Path(rows, BATCH + batch);
    }

    /** Returns a file name, without extension, that is unique to this task attempt. */
    public static String name(long operation, TaskContext task, int number) {
        return String.format(
                Locale.ROOT, "%06d-%05d-%d-%03d", operation, task.partitionId(), task.taskAttemptId(), number);
    }

    /** Returns a writer for the running task; the caller must close it, also if the task fails. */
    public Writer writer() {
        return new Writer(TaskContext.get());
    }

    /** Writes rows in sequence; a new file begins when the batch changes. */
    public final class Writer implements AutoCloseable {
        private final TaskContext task;
        private final int status = schema.fieldIndex(STATUS);
        private final List<WrittenFile> whole = new ArrayList<>();
        private @Nullable ParquetWriter<Row> open;
        private Path path = new Path("/");
        private long batch;
        private Map<String, Long> counts = new TreeMap<>();
        private int number;

        private Writer(TaskContext task) {
            this.task = task;
        }

        /** Writes a row with the columns of the schema; additional columns at its end are dropped. */
        public void write(long ofBatch, Row row) throws IOException {
            if (task.isInterrupted()) { // stop soon: a run that ends waits for its tasks
                throw new TaskKilledException("The task was killed");
            }
            try {
                ParquetWriter<Row> writer = open;
                if (writer == null || batch != ofBatch) {
                    finish();
                    writer = begin(ofBatch);
                }
                writer.write(row);
            } catch (FSError e) {
                throw diskFailure(e);
            }
            counts.merge(row.getString(status), 1L, Long::sum);
        }

        private ParquetWriter<Row> begin(long ofBatch) throws IOException {
            batch = ofBatch;
            counts = new TreeMap<>();
            CompressionCodecName compression = compression();
            String name = "part-" + name(operation, task, number++) + compression.getExtension() + ".parquet";
            path = new Path(folderOf(new Path(folder), batch), name);
            Configuration configuration = hadoop.value().value();
            ParquetWriter<Row> writer = new Builder(HadoopOutputFile.fromPath(path, configuration), schema)
                    .withConf(configuration)
                    .withCompressionCodec(compression)
                    .build();
            open = writer;
            return writer;
        }

        private CompressionCodecName compression() {
            return codec.equalsIgnoreCase("none")
                    ? CompressionCodecName.UNCOMPRESSED
                    : CompressionCodecName.valueOf(codec.toUpperCase(Locale.ROOT));
        }

        /** Closes the last file, and returns all of them. */
        public List<WrittenFile> finish() throws IOException {
            ParquetWriter<Row> last = open;
            if (last != null) {
                try {
                    last.close();
                } catch (FSError e) {
                    throw diskFailure(e);
                }
                open = null;
                whole.add(new WrittenFile(batch, path.getName(), counts));
            }
            return whole;
        }

        /** Abandons an unfinished file of a failed task. The file may remain; no commit will name it. */
        @Override
        public void close() {
            ParquetWriter<Row> unfinished = open;
            if (unfinished == null) {
                return;
            }
            open = null;
            // keep the task's own failure; a file that remains is removed at the end of the run
            quietly(unfinished::close);
            quietly(() -> path.getFileSystem(hadoop.value().value()).delete(path, false));
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    @SuppressWarnings("EmptyCatch") // see the caller for the reason
    private static void quietly(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException | FSError e) {
            // see the caller
        }
    }

    /** Replaces Hadoop's error for a full local disk: Spark logs the failure of a task, and a stack trace does not help there. */
    private static IOException diskFailure(FSError error) {
        IOException failure = new IOException(String.valueOf(error.getMessage()));
        failure.setStackTrace(new StackTraceElement[0]);
        return failure;
    }

    /** Returns the number of the operation that wrote a file, from its name; empty for other files. */
    public static OptionalLong operationOf(String file) {
        Matcher name = NAME.matcher(file);
        return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
    }

    private static final class Builder extends ParquetWriter.Builder<Row, Builder> {
        private final StructType schema;

        Builder(OutputFile file, StructType schema) {
            super(file);
            this.schema = schema;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // deprecated, but still abstract
        protected WriteSupport<Row> getWriteSupport(Configuration configuration) {
            return new RowWriteSupport(schema);
        }
    }
}
