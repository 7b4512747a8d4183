package io.planisphere.http;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits the requests of all tasks in the JVM to one host: a maximum number at a time, none while the host requests a pause, and
 * only occasional probes once it has not responded for long.
 */
final class HostTraffic {
    /** Consecutive failures, over a minimum time, before a host counts as dead; a server restarts in less. */
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

    /** @param most maximum number of concurrent requests */
    HostTraffic(int most) {
        this(most, System::nanoTime);
    }

    HostTraffic(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /** Waits for a free request slot; {@link #leave} releases it. */
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

    /** Records that the host responded, with whatever status. */
    synchronized void answered() {
        failures = 0;
    }

    /** Records that the host did not respond. */
    synchronized void failed() {
        failingSince = failures == 0 ? nanos.getAsLong() : failingSince;
        failures++;
        lastProbe = nanos.getAsLong();
    }

    /** Records that the host requested a pause. */
    synchronized void pause(Duration pause) {
        long until = nanos.getAsLong() + pause.toNanos();
        if (!isPaused || until - pausedUntil > 0) {
            pausedUntil = until;
            isPaused = true;
        }
    }

    /** Returns the remaining time of the requested pause; zero if there is none. */
    synchronized Duration pause() {
        return isPaused ? Duration.ofNanos(Math.max(0, pausedUntil - nanos.getAsLong())) : Duration.ZERO;
    }

    /** Returns why no request should be made to the host now; empty if it is alive, or due for a probe. */
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

    /**
     * Returns whether this state can be dropped. A few failures are not worth keeping: many hosts with one dead photo each would
     * fill the memory.
     */
    synchronized boolean isIdle() {
        return busy == 0 && waiting == 0 && failures < FAILURES && pause().isZero();
    }
}
