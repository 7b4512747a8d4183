package io.planisphere.jobs;

import io.planisphere.spark.file.RunFailure;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Failures that are nobody's defect, and what to do about them: one message in place of a stack trace. */
public final class Failure {
    // As Linux, HDFS (quotas; no node with room) and Java say it. From executors comes text only, in messages of
    // Spark's.
    private static final Pattern FULL = Pattern.compile(
            "No space left on device|Disk quota exceeded|quota of \\S+ is exceeded|could only be written to 0 of");

    // As spark.ShardRows and source.Fetcher say it.
    private static final Pattern STORAGE = Pattern.compile(
            "Cannot (?:open shard [^\\n]*|read [^\\n]*? after \\d+ attempts: [^\\n]*|read [^\\n]*: its file system has not [^\\n]*)");

    // As infer.Cuda says it.
    private static final Pattern NO_GPU = Pattern.compile("GPU '?\\S+ cannot be used: [^\\n]*");

    private Failure() {}

    /** What a person should read, if this failure is known; else its stack trace says more. */
    public static Optional<String> explained(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof RunFailure) {
                return Optional.of(message);
            }
            Matcher noGpu = NO_GPU.matcher(message);
            if (noGpu.find()) {
                return Optional.of(noGpu.group());
            }
            Matcher storage = STORAGE.matcher(message);
            if (storage.find()) {
                return Optional.of(
                        storage.group() + ". Once it can be read, the same command goes on where this one ended");
            }
            if (FULL.matcher(message).find()) {
                return Optional.of(
                        "There is no space left where the job writes: --output, or the temporary files of Spark"
                                + " (spark.local.dir). Free some and start the same command again: what is done stays");
            }
        }
        return Optional.empty();
    }
}
