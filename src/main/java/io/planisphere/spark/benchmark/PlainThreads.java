package io.planisphere.spark.benchmark;

import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Session;
import io.planisphere.spark.rows.RowMaker;
import io.planisphere.vision.Scorer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The plain-threads baseline: as many threads as cores take photos from memory, and decode, resize and infer as the job does, on
 * one session. It has no source, no rows and no Spark.
 */
record PlainThreads(HeldPhotos photos, RowMaker rows, ImageLimits limits, int batchSize, int threads) {

    /** Processes photos, and returns their number: {@code count}, plus those in the last batches of the threads. */
    long run(long count) throws InterruptedException {
        Session session = Session.shared(rows.model(), 1);
        AtomicLong handedOut = new AtomicLong();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Long>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                parts.add(pool.submit(() -> scored(session, handedOut, count)));
            }
            long sum = 0;
            for (Future<Long> part : parts) {
                sum += part.get();
            }
            return sum;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private long scored(Session session, AtomicLong handedOut, long count) {
        long scored = 0;
        try (Scorer scorer = new Scorer(
                photos.turns(handedOut, count), session, rows.model(), rows.inferenceSpec(), limits, batchSize)) {
            while (scorer.hasNext()) {
                scorer.next();
                scored++;
            }
        }
        return scored;
    }
}
