package io.planisphere.clusters;

import io.planisphere.spark.commit.CommitLogs;
import io.planisphere.spark.commit.LogState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The progress of a run, as seen in the files of its output. */
record RunFiles(Path output) {
    /** More batches than any run here has. */
    private static final int BATCHES = Undisturbed.TARS;

    RunFiles(String output) {
        this(Path.of(output));
    }

    boolean isPlanned() {
        return !state().plans().isEmpty();
    }

    /** Returns whether a task has begun to write rows of this batch, and the batch is not committed yet. */
    boolean isHalfWritten(int batch) {
        return tasksWriting(batch) > 0;
    }

    /** Returns whether two tasks are writing rows, so that neither of two executors with one core each is idle. */
    boolean areWrittenByTwo() {
        return IntStream.range(0, BATCHES).anyMatch(batch -> tasksWriting(batch) == 2);
    }

    /** Returns the number of tasks that have begun to write rows of this batch, while it is not committed. */
    long tasksWriting(int batch) {
        if (isCommitted(batch)) {
            return 0;
        }
        try (Stream<Path> found = Files.list(output.resolve("batch=" + batch))) {
            return found.filter(file -> file.toString().endsWith(".parquet")).count();
        } catch (IOException e) {
            return 0; // not begun
        }
    }

    boolean isCommitted(int batch) {
        return state().batch(batch).isPresent();
    }

    private LogState state() {
        try {
            return CommitLogs.of(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
