package io.planisphere.clusters;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for a condition, and fails with its description if it is not met. */
final class Waiting {
    private Waiting() {}

    /** Checks every millisecond, so that a brief state is seen. */
    static void until(String what, Duration atMost, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + atMost.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
