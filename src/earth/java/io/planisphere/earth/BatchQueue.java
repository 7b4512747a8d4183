package io.planisphere.earth;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Renders the next batches on a thread of its own, in order, a few ahead of the trainer. */
final class BatchQueue implements AutoCloseable {
    private static final int AHEAD = 8;

    private final TrainingWindows windows;
    private final ExecutorService renderer = Executors.newSingleThreadExecutor();
    private final Queue<Future<TrainingWindows.Batch>> rendered = new ArrayDeque<>();
    private long next;

    BatchQueue(TrainingWindows windows) {
        this.windows = windows;
    }

    TrainingWindows.Batch take() throws InterruptedException, ExecutionException {
        while (rendered.size() < AHEAD) {
            long number = next++;
            rendered.add(renderer.submit(() -> windows.batch(number)));
        }
        return rendered.remove().get();
    }

    @Override
    public void close() {
        renderer.shutdownNow();
    }
}
