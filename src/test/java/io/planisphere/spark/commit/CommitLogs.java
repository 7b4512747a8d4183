package io.planisphere.spark.commit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** What the commit logs of tests' outputs say. */
public final class CommitLogs {
    private CommitLogs() {}

    /** The log of an output on the local disk. */
    public static LogState of(Path output) throws IOException {
        return CommitLog.read(
                CommittedRows.log(
                        new org.apache.hadoop.fs.Path(output.resolve("_run").toUri())),
                FileSystem.getLocal(new Configuration()));
    }

    /** Whether a batch has its rows. */
    public static boolean isCommitted(Path output, long batch) throws IOException {
        return of(output).batch(batch).isPresent();
    }

    /** A run begins, begins a retry of a batch, and dies; the number of that operation. */
    public static long beginRetryOf(Path output, long batch) throws IOException {
        org.apache.hadoop.fs.Path run =
                new org.apache.hadoop.fs.Path(output.resolve("_run").toUri());
        return CommitLog.open(CommittedRows.log(run), FileSystem.getLocal(new Configuration()), "Output " + output)
                .begin(new LogRecord.Begun(LogRecord.Kind.RETRY, List.of(batch), 0, 0, ""));
    }
}
