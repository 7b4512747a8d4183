package io.planisphere.source;

/**
 * How many objects a task asks for at a time: as many as it takes while one is on its way, that is latency times rate (Little's
 * law), and half as many again, since neither is steady. Both are measured as running means, and the rate is that of the task when
 * it need not wait, so a fast network over a slow store asks for many and a slow network over a fast disk for few.
 */
final class FetchWindow {
    /** Before anything is known; all but the fastest networks over the slowest stores find it wide enough. */
    private static final int FIRST = 32;

    private static final double MARGIN = 1.5;
    private static final double PATIENCE_NANOS = 2e9;
    /** A photo that takes so many times as long as the others is a slow one. */
    private static final double SLOW = 4;

    // Of some batches of the network, whose photos are taken in bursts.
    private static final int REMEMBERED = 64;

    private final int fewest;
    private final int most;
    private final RunningMean latency = new RunningMean();
    private final RunningMean interval = new RunningMean();

    FetchWindow(FetchLimits limits) {
        fewest = limits.fewestInFlight();
        most = limits.mostInFlight();
    }

    /** An object came this long after it was asked for. */
    synchronized void came(long nanos) {
        latency.add(nanos);
    }

    /** The task was busy with a photo for this long before it asked for the next. */
    synchronized void busy(long nanos) {
        interval.add(nanos);
    }

    /** How long a photo may take before those behind it go first. */
    synchronized long patienceNanos() {
        return (long) Math.max(PATIENCE_NANOS, SLOW * latency.mean);
    }

    /** Objects to have in flight now. */
    synchronized int size() {
        double wanted = latency.samples == 0 || interval.samples == 0
                ? FIRST
                : Math.ceil(MARGIN * latency.mean / Math.max(1, interval.mean));
        return (int) Math.max(fewest, Math.min(most, wanted));
    }

    /** Of all samples while they are few, then of the latest ones most of all. */
    private static final class RunningMean {
        private int samples;
        private double mean;

        void add(long value) {
            samples = Math.min(REMEMBERED, samples + 1);
            mean += (value - mean) / samples;
        }
    }
}
