package io.planisphere.spark.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.planisphere.source.InputException;
import io.planisphere.spark.file.LeaseHolder.Life;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease file that names the current writer of an output, so that a second run does not do the same work meanwhile. The holder
 * updates the file as a heartbeat, and deletes it at its end; the lease of a holder that is known to be dead, or has been silent
 * for a minute, is taken over. A lease only saves work and is not a fence: the commit log alone decides which run's work counts,
 * so two holders in a race lose no data.
 */
public final class Lease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    /**
     * The interval of heartbeats, and how long others wait for one.
     *
     * @param silence several beats, because a store may be slow and garbage collection may pause the JVM
     */
    record Pace(Duration beat, Duration silence) {
        static final Pace USUAL = new Pace(Duration.ofSeconds(10), Duration.ofSeconds(60));
    }

    private final JsonFile file;
    private final ScheduledExecutorService heart;
    private final ScheduledFuture<?> beating;
    private LeaseHolder self;

    private Lease(JsonFile file, LeaseHolder self, Pace pace) {
        this.file = file;
        this.self = self;
        heart = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "planisphere-lease");
            thread.setDaemon(true);
            return thread;
        });
        long millis = pace.beat().toMillis();
        beating = heart.scheduleWithFixedDelay(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Acquires the lease of a file.
     *
     * @param what name of the leased output, for messages, such as "Output s3a://…"
     * @param waiting called with the reason if acquiring takes long
     * @throws InputException if another process holds the lease; the message names it
     */
    public static Lease take(Path path, FileSystem fs, String what, Consumer<String> waiting) throws IOException {
        return take(path, fs, what, waiting, Pace.USUAL);
    }

    static Lease take(Path path, FileSystem fs, String what, Consumer<String> waiting, Pace pace) throws IOException {
        JsonFile file = new JsonFile(path, fs);
        LeaseHolder self = LeaseHolder.thisProcess();
        while (!ExclusiveFile.create(path, fs, JsonFile.bytes(self))) {
            refuseIfHeld(file, what, waiting, pace);
            fs.delete(path, false);
        }
        return new Lease(file, self, pace);
    }

    /** Waits until the holder is known to be gone; throws if it is alive. */
    private static void refuseIfHeld(JsonFile file, String what, Consumer<String> waiting, Pace pace)
            throws IOException {
        Optional<LeaseHolder> first = read(file);
        boolean told = false;
        long end = System.nanoTime() + pace.silence().toNanos();
        for (Optional<LeaseHolder> now = first; now.isPresent() && System.nanoTime() < end; now = read(file)) {
            LeaseHolder holder = now.get();
            Life life = holder.life();
            if (life == Life.GONE) {
                return;
            }
            if (life == Life.ALIVE || !now.equals(first)) {
                throw new InputException(
                        "%s is being written by another run (%s); wait for its end, or give another --output"
                                .formatted(what, holder.described()));
            }
            if (!told) {
                waiting.accept(String.format(
                        Locale.ROOT,
                        "%s was being written by another run (%s); waiting %d s for a sign of its life",
                        what,
                        holder.described(),
                        pace.silence().toSeconds()));
                told = true;
            }
            pause(pace.silence().dividedBy(60));
        }
    }

    private synchronized void beat() {
        try {
            if (isOurs()) {
                self = self.later();
                file.write(self);
            } else {
                heart.shutdown(); // another process has taken it over
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("The lease {} cannot be renewed: {}", file.path(), e.toString());
        }
    }

    /** Releases the lease, so that the next run need not wait. */
    @Override
    public synchronized void close() {
        beating.cancel(false);
        heart.shutdown();
        try {
            if (isOurs()) {
                file.fs().delete(file.path(), false);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("The lease {} cannot be given back: {}; the next run may wait for it", file.path(), e.toString());
        }
    }

    private boolean isOurs() throws IOException {
        return read(file).filter(holder -> holder.token().equals(self.token())).isPresent();
    }

    private static Optional<LeaseHolder> read(JsonFile file) throws IOException {
        try {
            return file.read(LeaseHolder.class);
        } catch (JsonProcessingException e) {
            return Optional.of(LeaseHolder.UNKNOWN); // the file system shows incomplete files
        }
    }

    private static void pause(Duration pause) throws InterruptedIOException {
        try {
            TimeUnit.MILLISECONDS.sleep(Math.max(1, pause.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while waiting for a lease");
        }
    }
}
