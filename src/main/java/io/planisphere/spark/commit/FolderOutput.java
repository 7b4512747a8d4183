package io.planisphere.spark.commit;

import io.planisphere.spark.commit.LogRecord.Committed;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** An output in a folder: Parquet files {@code batch=<n>/part-*.parquet} that any Parquet reader can read as one table. */
public final class FolderOutput extends Output {
    private final Path folder;
    private final FileSystem fs;

    /** @param schema schema of the rows, without the batch */
    public FolderOutput(SparkSession spark, CommitLog log, StructType schema, Path folder, FileSystem fs) {
        super(spark, log, schema);
        this.folder = folder;
        this.fs = fs;
    }

    @Override
    public String name() {
        return folder.toString();
    }

    @Override
    String folder() {
        return folder.toString();
    }

    @Override
    public Dataset<Row> rows() throws IOException {
        return FolderFiles.list(folder, fs, state()).read(spark(), schemaWithBatch());
    }

    @Override
    public void replace(long operation, List<CommittedBatch> batches) throws IOException {
        log().commit(new Committed(operation, batches));
    }

    @Override
    public void removeUncommitted(LogState now) throws IOException {
        for (Path file : FolderFiles.garbage(folder, fs, now)) {
            if (isOfThisRun(file.getName())) {
                fs.delete(file, false);
            }
        }
    }

    @Override
    public void removeGarbage() throws IOException {
        for (Path file : FolderFiles.list(folder, fs, state()).garbage()) {
            if (isOurs(file.getName())) {
                fs.delete(file, false);
            }
        }
    }
}
