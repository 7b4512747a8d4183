package io.planisphere.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What one host is asked for, by all tasks of the JVM: a number of requests at a time, none while it asks for a pause, and only
 * a probe now and then once it has failed to answer for long.
 */
final class HostTraffic {
    /** Failures in a row, and for how long, before a host counts as dead: a restart of a server takes less. */
    private static final int FAILURES = 16;

    private static final long DEAD_AFTER_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PROBE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int most;
    private final LongSupplier nanos;
    private int busy;
    private int waiting;
    private long pausedUntil;
    private boolean isPaused;
    private int failures;
    private long failingSince;
    private long lastProbe;

    /** @param most requests at a time */
    HostTraffic(int most) {
        this(most, System::nanoTime);
    }

    HostTraffic(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /** Waits for a free place; {@link #leave} gives it back. */
    synchronized void enter() throws InterruptedException {
        waiting++;
        try {
            while (busy >= most) {
                wait();
            }
            busy++;
        } finally {
            waiting--;
        }
    }

    synchronized void leave() {
        busy--;
        notifyAll();
    }

    /** The host answered, whatever it said. */
    synchronized void answered() {
        failures = 0;
    }

    /** The host did not answer. */
    synchronized void failed() {
        failingSince = failures == 0 ? nanos.getAsLong() : failingSince;
        failures++;
        lastProbe = nanos.getAsLong();
    }

    /** The host wants to be left alone for a while. */
    synchronized void pause(Duration pause) {
        long until = nanos.getAsLong() + pause.toNanos();
        if (!isPaused || until - pausedUntil > 0) {
            pausedUntil = until;
            isPaused = true;
        }
    }

    /** How long the host still wants to be left alone; zero if it does not. */
    synchronized Duration pause() {
        return isPaused ? Duration.ofNanos(Math.max(0, pausedUntil - nanos.getAsLong())) : Duration.ZERO;
    }

    /** Why the host is not worth a request now; empty if it is, to see whether it lives again if it was not. */
    synchronized Optional<String> dead() {
        long now = nanos.getAsLong();
        if (failures < FAILURES || now - failingSince < DEAD_AFTER_NANOS) {
            return Optional.empty();
        }
        if (now - lastProbe > PROBE_EVERY_NANOS) {
            lastProbe = now;
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "has not answered %d times in a row, for %d s",
                failures,
                TimeUnit.NANOSECONDS.toSeconds(now - failingSince)));
    }

    /** Whether there is nothing worth remembering; few failures are not, or hosts of one dead photo each would fill the memory. */
    synchronized boolean isIdle() {
        return busy == 0 && waiting == 0 && failures < FAILURES && pause().isZero();
    }
}
