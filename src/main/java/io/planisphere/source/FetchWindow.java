package io.planisphere.source;

/**
 * Computes the number of concurrent requests of a task: latency times rate (Little's law), plus a margin of one half, because
 * both vary. Both are measured as running means, and the rate is that of the task when it does not wait, so a fast network over a
 * slow store makes many requests and a slow network over a fast disk few.
 */
final class FetchWindow {
    /** Window before any measurement; large enough for all but the fastest networks over the slowest stores. */
    private static final int FIRST = 32;

    private static final double MARGIN = 1.5;
    private static final double PATIENCE_NANOS = 2e9;
    /** A photo that takes this many times as long as the others counts as slow. */
    private static final double SLOW = 4;

    // Samples in a running mean, enough for some batches, because a network takes photos in bursts.
    private static final int REMEMBERED = 64;

    private final int fewest;
    private final int most;
    private final RunningMean latency = new RunningMean();
    private final RunningMean interval = new RunningMean();

    FetchWindow(FetchLimits limits) {
        fewest = limits.fewestInFlight();
        most = limits.mostInFlight();
    }

    /** Records the latency of an object. */
    synchronized void came(long nanos) {
        latency.add(nanos);
    }

    /** Records how long the task was busy with a photo before it asked for the next. */
    synchronized void busy(long nanos) {
        interval.add(nanos);
    }

    /** Returns how long a photo may take before photos after it are returned first. */
    synchronized long patienceNanos() {
        return (long) Math.max(PATIENCE_NANOS, SLOW * latency.mean);
    }

    /** Returns the number of objects to have in flight now. */
    synchronized int size() {
        double wanted = latency.samples == 0 || interval.samples == 0
                ? FIRST
                : Math.ceil(MARGIN * latency.mean / Math.max(1, interval.mean));
        return (int) Math.max(fewest, Math.min(most, wanted));
    }

    /** A running mean: over all samples while they are few, later weighted towards the latest ones. */
    private static final class RunningMean {
        private int samples;
        private double mean;

        void add(long value) {
            samples = Math.min(REMEMBERED, samples + 1);
            mean += (value - mean) / samples;
        }
    }
}
