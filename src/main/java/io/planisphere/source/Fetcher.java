package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;

/**
 * Fetches photos by reference through Hadoop's file systems, several at a time, and gives them in the order of their
 * references. What is wrong with one photo (nothing there, no permission, over the cap) is a row; what is wrong with
 * the storage is tried again three times, for minutes where it asks for fewer requests, then thrown as {@link
 * UncheckedIOException}, so that the task fails and Spark repeats it. One per task, used by one thread.
 */
public final class Fetcher implements Closeable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

    private final FetchWindow window;
    private final ObjectReader reader;
    private final ByteBudget budget;
    private final ExecutorService threads;
    private long tickets;

    public Fetcher(Configuration hadoop, FetchLimits limits) {
        this(hadoop, limits, FIRST_PAUSE);
    }

    /** With another pause before the first repetition; those after it are longer. */
    Fetcher(Configuration hadoop, FetchLimits limits, Duration firstPause) {
        this.window = new FetchWindow(limits);
        this.reader = new ObjectReader(hadoop, limits.maxImageBytes(), firstPause);
        this.budget = new ByteBudget(limits.bytesInFlight());
        // as many as are busy, so no more than the window is wide
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "planisphere-fetch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The photos of {@code references}, one for each, in order. Fetching starts with the first question for a photo. */
    public Iterator<EncodedImage> fetch(Iterator<Reference> references) {
        return new Photos(references);
    }

    /** Ends what is in flight. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** A photo and what it holds of the budget. */
    private record Fetched(EncodedImage image, long heldBytes) {}

    private Fetched fetch(long ticket, Reference reference) throws IOException, InterruptedException {
        long repetitions = reader.repetitions();
        long start = System.nanoTime();
        ObjectReader.Found found;
        try {
            found = reader.find(reference);
        } catch (IOException | InterruptedException | RuntimeException e) {
            budget.take(ticket, 0);
            throw e;
        }
        long looked = System.nanoTime() - start;
        long reserved = found.bytesToRead();
        budget.take(ticket, reserved);
        long granted = System.nanoTime();
        EncodedImage image = reader.read(found);
        // pauses are no latency: a store that asks for fewer requests must not get more
        if (repetitions == reader.repetitions()) {
            window.came(looked + System.nanoTime() - granted);
        }
        long held = image instanceof EncodedImage.Ok ok ? ok.content().array().length : 0;
        budget.settle(reserved, held);
        return new Fetched(image, held);
    }

    private final class Photos implements Iterator<EncodedImage> {
        private final Iterator<Reference> references;
        private final Queue<Future<Fetched>> inFlight = new ArrayDeque<>();
        private long given;

        Photos(Iterator<Reference> references) {
            this.references = references;
        }

        @Override
        public boolean hasNext() {
            return !inFlight.isEmpty() || references.hasNext();
        }

        @Override
        public EncodedImage next() {
            if (given != 0) {
                window.busy(System.nanoTime() - given);
            }
            fill();
            Future<Fetched> first = inFlight.poll();
            if (first == null) {
                throw new NoSuchElementException();
            }
            Fetched fetched = await(first);
            budget.giveBack(fetched.heldBytes());
            fill();
            given = System.nanoTime();
            return fetched.image();
        }

        private void fill() {
            int wanted = window.size();
            while (inFlight.size() < wanted && references.hasNext()) {
                Reference reference = references.next();
                long ticket = tickets++;
                inFlight.add(threads.submit(() -> fetch(ticket, reference)));
            }
        }

        private Fetched await(Future<Fetched> future) {
            try {
                return future.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new InterruptedIOException("Interrupted while fetching photos"));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failure) {
                    throw new UncheckedIOException(failure.getMessage(), failure);
                }
                throw new IllegalStateException("Fetching a photo failed: " + e.getCause(), e.getCause());
            }
        }
    }
}
