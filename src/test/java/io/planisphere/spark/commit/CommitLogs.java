package io.planisphere.spark.commit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Reads the commit logs of tests' outputs. */
public final class CommitLogs {
    private CommitLogs() {}

    /** Returns the state of the log of an output on the local disk. */
    public static LogState of(Path output) throws IOException {
        return CommitLog.read(
                CommittedRows.log(
                        new org.apache.hadoop.fs.Path(output.resolve("_run").toUri())),
                FileSystem.getLocal(new Configuration()));
    }

    /** Returns whether a batch is committed. */
    public static boolean isCommitted(Path output, long batch) throws IOException {
        return of(output).batch(batch).isPresent();
    }

    /** Simulates a run that begins a retry of a batch and dies; returns the number of that operation. */
    public static long beginRetryOf(Path output, long batch) throws IOException {
        org.apache.hadoop.fs.Path run =
                new org.apache.hadoop.fs.Path(output.resolve("_run").toUri());
        return CommitLog.open(CommittedRows.log(run), FileSystem.getLocal(new Configuration()), "Output " + output)
                .begin(new LogRecord.Begun(LogRecord.Kind.RETRY, List.of(batch), 0, 0, ""));
    }
}
