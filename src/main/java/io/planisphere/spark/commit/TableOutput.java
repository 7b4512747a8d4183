package io.planisphere.spark.commit;

import io.planisphere.source.PhotoInput.Table;
import io.planisphere.spark.commit.LogRecord.Committed;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import io.planisphere.spark.commit.LogState.Prepared;
import io.planisphere.spark.commit.table.CommitId;
import io.planisphere.spark.commit.table.FencedException;
import io.planisphere.spark.commit.table.RowTable;
import io.planisphere.spark.file.RunFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * An output in a catalog table. Tasks write Parquet files beside the commit log, as for a folder, and one Spark job copies them
 * into the table; so retrying a commit repeats no inference. The log records the upcoming commit of a batch first, and its
 * completion afterwards. The history of the table shows whether a commit in between has happened.
 */
public final class TableOutput extends Output {
    private final RowTable table;
    private final String name;
    private final Path staged;
    private final FileSystem fs;

    private TableOutput(
            SparkSession spark,
            CommitLog log,
            StructType schema,
            String name,
            RowTable table,
            Path run,
            FileSystem fs) {
        super(spark, log, schema);
        this.name = name;
        this.table = table;
        this.staged = fs.makeQualified(new Path(run, "staged"));
        this.fs = fs;
    }

    /**
     * Opens the table for a new run, and resolves the last run's open commits from the table's history.
     *
     * @param schema schema of the rows, without the batch
     * @param name {@code catalog.namespace.table}
     * @param run the folder of the commit log
     * @throws io.planisphere.source.InputException if the table cannot take the rows
     */
    public static TableOutput open(
            SparkSession spark, CommitLog log, StructType schema, String name, Path run, FileSystem fs)
            throws IOException {
        RowTable table = RowTable.open(spark, name, schema, log.state().run());
        table.rememberState(fs.makeQualified(run).toString());
        try {
            table.fence(log.epoch());
        } catch (FencedException e) {
            throw new RunFailure(String.valueOf(e.getMessage()));
        }
        for (Prepared commit : log.state().prepared()) {
            if (table.committed(new CommitId(commit.epoch(), commit.version()))) {
                log.commit(commit.commit());
            }
        }
        return new TableOutput(spark, log, schema, name, table, run, fs);
    }

    @Override
    public String name() {
        return Table.PREFIX + name;
    }

    @Override
    String folder() {
        return staged.toString();
    }

    @Override
    public Dataset<Row> rows() {
        return table.rows();
    }

    @Override
    public void replace(long operation, List<CommittedBatch> batches) throws IOException {
        Dataset<Row> rows = FolderFiles.read(spark(), staged, batches, schemaWithBatch());
        SortedSet<Long> numbers =
                batches.stream().map(CommittedBatch::batch).collect(Collectors.toCollection(TreeSet::new));
        Committed commit = new Committed(
                operation,
                batches.stream()
                        .map(batch -> new CommittedBatch(batch.account(), List.of(), batch.sideFiles()))
                        .toList());
        long version = log().prepare(commit);
        try {
            table.replace(numbers, rows, new CommitId(log().epoch(), version));
        } catch (FencedException e) {
            throw new RunFailure(String.valueOf(e.getMessage()));
        }
        log().commit(commit);
        for (CommittedBatch batch : batches) {
            for (String file : batch.files()) {
                fs.delete(new Path(RowFiles.folderOf(staged, batch.batch()), file), false);
            }
        }
    }

    /** Does nothing: readers of the table do not see staged files. */
    @Override
    public void removeUncommitted(LogState now) {}

    /** Removes all staged files: those of committed batches are in the table, and the others may be incomplete. */
    @Override
    public void removeGarbage() throws IOException {
        for (FileStatus batch : statuses(staged)) {
            for (FileStatus file : statuses(batch.getPath())) {
                if (isOurs(file.getPath().getName())) {
                    fs.delete(file.getPath(), false);
                }
            }
        }
    }

    private FileStatus[] statuses(Path folder) throws IOException {
        try {
            return fs.listStatus(folder);
        } catch (FileNotFoundException e) {
            return new FileStatus[0];
        }
    }
}
