package io.planisphere.jobs;

import io.planisphere.spark.file.RunFailure;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Known external failures, and what to do about them: one message instead of a stack trace. */
public final class Failure {
    // Messages of Linux, HDFS (quotas; no node with room) and Java for a full disk. Failures on executors arrive only
    // as text within Spark's messages.
    private static final Pattern FULL = Pattern.compile(
            "No space left on device|Disk quota exceeded|quota of \\S+ is exceeded|could only be written to 0 of");

    // Messages of spark.ShardRows and source.Fetcher.
    private static final Pattern STORAGE = Pattern.compile(
            "Cannot (?:open shard [^\\n]*|read [^\\n]*? after \\d+ attempts: [^\\n]*|read [^\\n]*: its file system has not [^\\n]*)");

    // Message of infer.Cuda.
    private static final Pattern NO_GPU = Pattern.compile("GPU '?\\S+ cannot be used: [^\\n]*");

    // Message of model.ModelPackageException: weights that an executor cannot fetch.
    private static final Pattern PACKAGE = Pattern.compile("Cannot open model package [^\\n]*");

    private Failure() {}

    /** Returns the message for the user if the failure is known; otherwise its stack trace is more helpful. */
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
            Matcher model = PACKAGE.matcher(message);
            if (model.find()) {
                return Optional.of(model.group());
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
