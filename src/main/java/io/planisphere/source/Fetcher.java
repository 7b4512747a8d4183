package io.planisphere.source;

import io.planisphere.image.EncodedImage;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;

/**
 * Fetches photos by reference, several at a time: through Hadoop's file systems, and over HTTP and HTTPS by {@link HttpReader}. What
 * is wrong with one photo (nothing there, no permission, over the cap, a web server that does not deliver) is a row; what is wrong
 * with a file system is tried again three times, for minutes where it asks for fewer requests, then thrown as {@link
 * UncheckedIOException}, so that the task fails and Spark repeats it. One per task, used by one thread.
 */
public final class Fetcher implements Closeable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    /** Between two looks at all slow photos, where there is nothing else to do. */
    private static final long LOOK_NANOS = 50_000_000;

    /** In which order photos are given. */
    public enum Order {
        /** That of the references. */
        LISTED,
        /** That of the references, but those that take much longer than the others come when they are there. */
        SLOW_ONES_LATER
    }

    private final FetchWindow window;
    private final FetchLimits limits;
    private final Order order;
    private final ObjectReader reader;
    private final HttpReader http;
    private final ByteBudget budget;
    private final ExecutorService threads;

    /** Of files that the user named, in their order. */
    public Fetcher(Configuration hadoop, FetchLimits limits) {
        this(hadoop, limits, Access.DEFAULT, Order.LISTED);
    }

    public Fetcher(Configuration hadoop, FetchLimits limits, Access access, Order order) {
        this(hadoop, limits, access, order, FIRST_PAUSE);
    }

    /** With another pause before the first repetition; those after it are longer. */
    Fetcher(Configuration hadoop, FetchLimits limits, Access access, Order order, Duration firstPause) {
        this.limits = limits;
        this.order = order;
        this.window = new FetchWindow(limits);
        this.reader = new ObjectReader(hadoop, limits.maxImageBytes(), firstPause);
        this.budget = new ByteBudget(limits.bytesInFlight());
        this.http = new HttpReader(access, budget, limits.maxImageBytes(), firstPause, window::came);
        // as many as are busy, so no more than the window is wide, and as many slow ones
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "planisphere-fetch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The photos of {@code references}, one for each. Fetching starts with the first question for a photo. */
    public Iterator<EncodedImage> fetch(Iterator<Reference> references) {
        return new Photos(references);
    }

    /** Ends what is in flight. */
    @Override
    public void close() {
        threads.shutdownNow();
        http.close();
    }

    /** A photo and what it holds of the budget. */
    private record Fetched(EncodedImage image, long heldBytes) {
        static Fetched of(EncodedImage image) {
            return new Fetched(
                    image, image instanceof EncodedImage.Ok ok ? ok.content().array().length : 0);
        }
    }

    private record Flight(Ticket ticket, Reference reference, Future<Fetched> photo) {}

    private Fetched fetch(Ticket ticket, Reference reference) throws IOException, InterruptedException {
        if (HttpReader.isFor(reference)) {
            return Fetched.of(http.fetch(ticket, reference));
        }
        long repetitions = reader.repetitions();
        long start = System.nanoTime();
        ticket.begin();
        ObjectReader.Found found = reader.find(reference);
        long looked = System.nanoTime() - start;
        long reserved = found.bytesToRead();
        budget.take(ticket, reserved);
        long granted = System.nanoTime();
        EncodedImage image;
        try {
            image = reader.read(found);
        } catch (IOException | InterruptedException | RuntimeException e) {
            budget.giveBack(reserved);
            throw e;
        }
        // pauses are no latency: a store that asks for fewer requests must not get more
        if (repetitions == reader.repetitions()) {
            window.came(looked + System.nanoTime() - granted);
        }
        Fetched fetched = Fetched.of(image);
        budget.settle(reserved, fetched.heldBytes());
        return fetched;
    }

    private final class Photos implements Iterator<EncodedImage> {
        private final Iterator<Reference> references;
        private final Queue<Flight> inFlight = new ArrayDeque<>();
        private final Queue<Flight> slow = new ArrayDeque<>();
        private long given;

        Photos(Iterator<Reference> references) {
            this.references = references;
        }

        @Override
        public boolean hasNext() {
            return !inFlight.isEmpty() || !slow.isEmpty() || references.hasNext();
        }

        @Override
        public EncodedImage next() {
            if (given != 0) {
                window.busy(System.nanoTime() - given);
            }
            fill();
            Fetched fetched = photoOf(landing());
            budget.giveBack(fetched.heldBytes());
            fill();
            given = System.nanoTime();
            return fetched.image();
        }

        private void fill() {
            int wanted = window.size();
            while (inFlight.size() < wanted && references.hasNext()) {
                Reference reference = references.next();
                Ticket ticket = new Ticket();
                inFlight.add(new Flight(ticket, reference, threads.submit(() -> fetch(ticket, reference))));
            }
        }

        /** The next one to give: the first, unless it is much slower than the others; slow ones once they are there. */
        private Flight landing() {
            if (order == Order.LISTED) {
                return inFlight.remove();
            }
            while (true) {
                Optional<Flight> landed =
                        slow.stream().filter(flight -> flight.photo().isDone()).findFirst();
                if (landed.isPresent()) {
                    slow.remove(landed.get());
                    return landed.get();
                }
                if (inFlight.isEmpty()) {
                    isThere(slow.element(), LOOK_NANOS); // fails where hasNext is false
                } else if (isThereSoon(inFlight.element())) {
                    return inFlight.remove();
                } else if (slow.size() < limits.mostInFlight()) {
                    slow.add(inFlight.remove());
                    fill();
                }
            }
        }

        private boolean isThereSoon(Flight flight) {
            long patience = window.patienceNanos();
            long left = patience - flight.ticket().fetchedNanos();
            while (left > 0) {
                if (isThere(flight, left)) {
                    return true;
                }
                left = patience - flight.ticket().fetchedNanos(); // more than nothing if it had to wait for room
            }
            return isThere(flight, slow.size() < limits.mostInFlight() ? 0 : LOOK_NANOS);
        }

        /** Whether there is a photo, or a failure, after so long. */
        private boolean isThere(Flight flight, long nanos) {
            budget.await(flight.ticket());
            boolean isOverdue =
                    flight.ticket().fetchedNanos() > limits.longestWait().toNanos();
            if (isOverdue && !HttpReader.isFor(flight.reference())) {
                throw unanswered(flight);
            }
            try {
                flight.photo().get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException e) {
                return true; // and says why when it is taken
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }

        private Fetched photoOf(Flight flight) {
            budget.await(flight.ticket());
            Reference reference = flight.reference();
            try {
                return HttpReader.isFor(reference)
                        ? flight.photo().get()
                        : flight.photo().get(limits.longestWait().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw unanswered(flight);
            } catch (InterruptedException e) {
                throw interrupted();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException failure) {
                    throw new UncheckedIOException(failure.getMessage(), failure);
                }
                throw new IllegalStateException("Fetching a photo failed: " + e.getCause(), e.getCause());
            }
        }

        private UncheckedIOException unanswered(Flight flight) {
            flight.photo().cancel(true);
            return new UncheckedIOException(new IOException(String.format(
                    Locale.ROOT,
                    "Cannot read %s: its file system has not answered for %d s",
                    flight.reference().uri(),
                    limits.longestWait().toSeconds())));
        }

        private UncheckedIOException interrupted() {
            Thread.currentThread().interrupt();
            return new UncheckedIOException(new InterruptedIOException("Interrupted while fetching photos"));
        }
    }
}
