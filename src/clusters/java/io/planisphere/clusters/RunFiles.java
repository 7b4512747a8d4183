package io.planisphere.clusters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How far a run is, as its files in the output tell. */
record RunFiles(Path output) {
    /** More than any run here has. */
    private static final int BATCHES = Undisturbed.TARS;

    RunFiles(String output) {
        this(Path.of(output));
    }

    boolean isPlanned() {
        return Files.exists(output.resolve("_run/plan/plan=0/_plan.json"));
    }

    /** Whether a task has begun to write rows of this batch, and the batch is not written yet. */
    boolean isHalfWritten(int batch) {
        return tasksWriting(batch) > 0;
    }

    /** Whether two tasks write rows at this moment, so that of two executors with a core each neither is idle. */
    boolean areWrittenByTwo() {
        return IntStream.range(0, BATCHES).anyMatch(batch -> tasksWriting(batch) == 2);
    }

    /** Tasks that have begun to write rows of this batch and have not committed them. */
    long tasksWriting(int batch) {
        Path attempts = output.resolve("batch=" + batch + "/_temporary/0/_temporary");
        try (Stream<Path> found = Files.list(attempts)) {
            return found.count();
        } catch (IOException e) {
            return 0; // not begun, or over
        }
    }

    boolean hasRows(int batch) {
        return Files.exists(output.resolve("batch=" + batch + "/_SUCCESS"));
    }

    boolean hasAccount(int batch) {
        return Files.exists(output.resolve("_run/batches/" + batch + ".json"));
    }

    boolean isCommitted(int batch) {
        return Files.exists(output.resolve("_run/checkpoint/commits/" + batch));
    }
}
