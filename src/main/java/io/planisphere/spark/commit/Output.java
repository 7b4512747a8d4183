package io.planisphere.spark.commit;

import static java.util.stream.Collectors.groupingBy;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The rows of a run, in numbered batches. An operation begins ({@link #begin}), its tasks write new files ({@link #files}), and
 * {@link #replace} makes them the rows of their batches, atomically. Rows become part of an output in no other way. A run that
 * dies in between leaves files that no commit names; the next run removes them.
 */
public abstract class Output {
    /** The column with the batch of a row. */
    public static final String BATCH = "batch";

    /** Rows per file in a rewritten batch. */
    private static final long ROWS_PER_FILE = 1_000_000;

    private final SparkSession spark;
    private final CommitLog log;
    private final StructType schema;
    private final Broadcast<SerializableConfiguration> hadoop;

    /** @param schema schema of the rows, without the batch */
    Output(SparkSession spark, CommitLog log, StructType schema) {
        this.spark = spark;
        this.log = log;
        this.schema = schema;
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        hadoop = context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    }

    SparkSession spark() {
        return spark;
    }

    CommitLog log() {
        return log;
    }

    StructType schema() {
        return schema;
    }

    /** Returns the location of the rows, as on the command line. */
    public abstract String name();

    /** Returns all committed rows: the columns of the job, then {@link #BATCH}. */
    public abstract Dataset<Row> rows() throws IOException;

    /** Returns whether any batch is committed. */
    public boolean hasRows() {
        return !state().batches().isEmpty();
    }

    /** Returns the state of the commit log. */
    public LogState state() {
        return log.state();
    }

    /** Returns the folder in which tasks write the folders of batches. */
    abstract String folder();

    /** Begins an operation, and returns its number. */
    public long begin(Begun begun) throws IOException {
        return log.begin(begun);
    }

    /** Returns the files that the tasks of an operation write. */
    public RowFiles files(long operation) {
        return new RowFiles(
                folder(), operation, schema, spark.sessionState().conf().parquetCompressionCodec(), hadoop);
    }

    /** Writes rows with their batch, as part of an operation; they become part of the output when the batches are replaced. */
    public List<WrittenFile> write(long operation, Dataset<Row> rows) {
        long largest = state().batches().stream()
                .mapToLong(batch -> batch.account().rows())
                .max()
                .orElse(0);
        Column[] columns = Stream.concat(Arrays.stream(schema.fieldNames()), Stream.of(BATCH))
                .map(name -> col("`" + name + "`"))
                .toArray(Column[]::new);
        Dataset<Row> ordered = rows.select(columns)
                .repartition(col(BATCH), pmod(xxhash64(col("uri")), lit(1 + largest / ROWS_PER_FILE)))
                .sortWithinPartitions(BATCH);
        return ordered.toJavaRDD()
                .mapPartitions(new Write(files(operation), columns.length - 1))
                .collect();
    }

    private record Write(RowFiles files, int batch) implements FlatMapFunction<Iterator<Row>, WrittenFile> {
        @Override
        public Iterator<WrittenFile> call(Iterator<Row> rows) throws IOException {
            try (RowFiles.Writer writer = files.writer()) {
                while (rows.hasNext()) {
                    Row row = rows.next();
                    writer.write(((Number) row.get(batch)).longValue(), row);
                }
                return writer.finish().iterator();
            }
        }
    }

    /**
     * Replaces all rows of these batches by those in their files, atomically and idempotently.
     *
     * @param operation operation that wrote the files
     */
    public abstract void replace(long operation, List<CommittedBatch> batches) throws IOException;

    /**
     * Replaces the rows of batches that had rows before.
     *
     * @param touched all batches of the operation; one without files loses its rows
     * @param files new files of all these batches
     * @param sideFiles files beside the new rows, by batch
     */
    public void replace(
            long operation, Collection<Long> touched, List<WrittenFile> files, Map<Long, List<String>> sideFiles)
            throws IOException {
        Map<Long, List<WrittenFile>> ofBatch = files.stream().collect(groupingBy(WrittenFile::batch));
        List<CommittedBatch> batches = new ArrayList<>();
        for (long number : new TreeSet<>(touched)) {
            CommittedBatch before = state().batch(number).orElseThrow();
            List<WrittenFile> written = ofBatch.getOrDefault(number, List.of());
            Map<String, Long> status = statusOf(written);
            Set<String> beside = new TreeSet<>(before.sideFiles());
            beside.addAll(sideFiles.getOrDefault(number, List.of()));
            batches.add(new CommittedBatch(
                    before.account().with(sum(status), status),
                    written.stream().map(WrittenFile::name).toList(),
                    List.copyOf(beside)));
        }
        replace(operation, batches);
    }

    /** Returns the rows by status in some files. */
    public static Map<String, Long> statusOf(List<WrittenFile> files) {
        Map<String, Long> status = new TreeMap<>();
        files.forEach(file -> file.status().forEach((code, rows) -> status.merge(code, rows, Long::sum)));
        return status;
    }

    private static long sum(Map<String, Long> status) {
        return status.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Removes files left by interrupted runs, failed tasks and replaced batches. */
    public abstract void removeGarbage() throws IOException;

    /**
     * Removes what this failing run has written and not committed. Otherwise readers of the output would find these files until
     * the next run.
     *
     * @param now current state of the log, including records of other runs
     */
    public abstract void removeUncommitted(LogState now) throws IOException;

    /** Reads the log again and returns its state, including records of other runs. */
    public LogState now() throws IOException {
        return log.now();
    }

    /** Returns whether the name of a file is that of an operation that this run has begun. */
    public boolean isOfThisRun(String file) {
        var operation = RowFiles.operationOf(file);
        return operation.isPresent() && log.isOwn(operation.getAsLong());
    }

    /**
     * Returns whether the name of a file is that of an operation of this run or an older one. A later run manages its own files.
     */
    public boolean isOurs(String file) {
        var operation = RowFiles.operationOf(file);
        return operation.isPresent() && operation.getAsLong() <= state().version();
    }

    StructType schemaWithBatch() {
        return schema.add(BATCH, DataTypes.LongType);
    }
}
