package io.planisphere.vision;

import io.planisphere.image.EncodedImage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A pool of threads that decode and prepare photos, each with its own decoder; it owns them and their native memory. */
final class DecodePool implements AutoCloseable {
    // Longer than the decoding of the largest photo within the limits.
    private static final long PATIENCE_SECONDS = 60;

    private final ExecutorService threads;
    private final List<PhotoTensors> all = new ArrayList<>();
    private final BlockingQueue<PhotoTensors> idle;

    DecodePool(int size, Supplier<PhotoTensors> tensors) {
        idle = new ArrayBlockingQueue<>(size);
        for (int i = 0; i < size; i++) {
            all.add(tensors.get());
        }
        idle.addAll(all);
        threads = Executors.newFixedThreadPool(size, work -> {
            Thread thread = new Thread(work, "planisphere-decode");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Writes the photo's tensors, as {@link PhotoTensors#write} does; the caller must not write there meanwhile. */
    Future<Scored> write(EncodedImage photo, ByteBuffer target, int offset) {
        return threads.submit(() -> {
            PhotoTensors tensors = idle.take(); // there is one per thread
            try {
                return tensors.write(photo, target, offset);
            } finally {
                idle.add(tensors);
            }
        });
    }

    /** Waits for the result of a photo. */
    static Scored await(Future<Scored> photo) {
        try {
            return photo.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while photos were decoded", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("Decoding a photo failed: " + e.getCause(), e.getCause());
        }
    }

    /** Returns the times of all threads together; a photo that is being decoded may not be included yet. */
    StageTimes times() {
        return new StageTimes(
                0,
                all.stream().mapToLong(PhotoTensors::decodeNanos).sum(),
                all.stream().mapToLong(PhotoTensors::prepareNanos).sum(),
                0);
    }

    /** Waits for photos that are being decoded, because this frees the memory of their pixels. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean wasInterrupted = Thread.interrupted(); // for example in a task that Spark kills
        boolean ended = false;
        try {
            ended = threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            wasInterrupted = true;
        }
        if (ended) { // otherwise the memory is leaked rather than written to after it was freed
            all.forEach(PhotoTensors::close);
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
