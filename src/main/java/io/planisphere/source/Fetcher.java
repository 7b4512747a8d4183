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
 * Fetches photos by reference, several at a time: through Hadoop's file systems, and over HTTP and HTTPS by {@link HttpReader}. A
 * problem with one photo (missing, no permission, too large, a web server that does not deliver) becomes a row; a failure of a
 * file system is retried three times, for minutes if it throttles requests, then thrown as {@link UncheckedIOException}, so that
 * the task fails and Spark retries it. There is one per task; not thread-safe.
 */
public final class Fetcher implements Closeable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    /** Interval of checks on slow photos when there is nothing else to do. */
    private static final long LOOK_NANOS = 50_000_000;

    /** The order in which photos are returned. */
    public enum Order {
        /** The order of the references. */
        LISTED,
        /**
         * The order of the references, except that photos that take much longer than the others are returned when they arrive.
         */
        SLOW_ONES_LATER
    }

    private final FetchWindow window;
    private final FetchLimits limits;
    private final Order order;
    private final ObjectReader reader;
    private final HttpReader http;
    private final ByteBudget budget;
    private final ExecutorService threads;

    /** Creates a fetcher for files given by the user, in listed order. */
    public Fetcher(Configuration hadoop, FetchLimits limits) {
        this(hadoop, limits, Access.DEFAULT, Order.LISTED);
    }

    public Fetcher(Configuration hadoop, FetchLimits limits, Access access, Order order) {
        this(hadoop, limits, access, order, FIRST_PAUSE);
    }

    /** Creates a fetcher with another pause before the first retry; later pauses are longer. */
    Fetcher(Configuration hadoop, FetchLimits limits, Access access, Order order, Duration firstPause) {
        this.limits = limits;
        this.order = order;
        this.window = new FetchWindow(limits);
        this.reader = new ObjectReader(hadoop, limits.maxImageBytes(), firstPause);
        this.budget = new ByteBudget(limits.bytesInFlight());
        this.http = new HttpReader(access, budget, limits.maxImageBytes(), firstPause, window::came);
        // as many threads as there are requests in flight: at most the window, plus as many slow ones
        this.threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "planisphere-fetch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns the photos of {@code references}, one for each. Fetching starts when the first photo is requested. */
    public Iterator<EncodedImage> fetch(Iterator<Reference> references) {
        return new Photos(references);
    }

    /** Cancels requests in flight. */
    @Override
    public void close() {
        threads.shutdownNow();
        http.close();
    }

    /** A photo and the bytes of the budget that it holds. */
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
        // pauses do not count as latency: a store that throttles must not get more requests
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

        /**
         * Returns the next flight to return: the first, unless it is much slower than the others; slow ones once they have
         * arrived.
         */
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
                    isThere(slow.element(), LOOK_NANOS); // throws if hasNext is false
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
                left = patience - flight.ticket().fetchedNanos(); // positive if it had to wait for room
            }
            return isThere(flight, slow.size() < limits.mostInFlight() ? 0 : LOOK_NANOS);
        }

        /** Waits at most this long, and returns whether there is a photo or a failure. */
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
                return true; // the failure is thrown when the photo is taken
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
