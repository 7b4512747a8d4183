package io.planisphere.spark.commit;

import io.planisphere.source.GivenPath;
import io.planisphere.source.Globs;
import io.planisphere.source.InputException;
import io.planisphere.spark.commit.table.RowTable;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads the rows of an output: exactly the committed ones, even while a run is in progress and after a crash. */
public final class CommittedRows {
    private CommittedRows() {}

    /** Returns the folder of the commit log, in the state of a run. */
    public static Path log(Path state) {
        return new Path(state, "log");
    }

    /**
     * Returns the location of the state of a table's run; empty for a folder.
     *
     * @throws InputException if the table has no such property, because no run has written to it
     */
    public static Optional<String> stateOf(SparkSession spark, String output) {
        return OutputName.tableOf(output)
                .map(
                        table -> RowTable.stateOf(spark, table)
                                .orElseThrow(
                                        () -> new InputException(
                                                "Table " + table
                                                        + " does not say where the state of its run is; was it written by a job with --state?")));
    }

    /**
     * Returns the rows of an output, or of any table or folder of Parquet files.
     *
     * @param what name of the rows, for messages
     */
    public static Dataset<Row> read(SparkSession spark, String what, String output) throws IOException {
        Optional<String> table = OutputName.tableOf(output);
        if (table.isPresent()) {
            return RowTable.read(spark, table.get());
        }
        Configuration hadoop = spark.sessionState().newHadoopConf();
        GivenPath given = GivenPath.of(what, output, hadoop);
        Path folder = given.fs().makeQualified(given.path());
        LogState state = CommitLog.read(log(new Path(folder, "_run")), given.fs());
        return state.batches().isEmpty()
                ? spark.read().parquet(Globs.literal(output))
                : FolderFiles.list(folder, given.fs(), state).read(spark, null);
    }
}
