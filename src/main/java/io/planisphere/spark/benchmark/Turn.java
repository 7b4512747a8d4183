package io.planisphere.spark.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * The number of processed photos, and the time that they took.
 *
 * @param seconds wall-clock seconds
 * @param coreSeconds CPU seconds of this process, including garbage collection and compilation
 */
record Turn(long photos, double seconds, double coreSeconds) {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Processes photos, and returns their number. */
    interface Work {
        long run() throws IOException, InterruptedException;
    }

    static Turn of(Work work) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long startCpu = PROCESS.getProcessCpuTime();
        long photos = work.run();
        return new Turn(photos, (System.nanoTime() - start) / 1e9, (PROCESS.getProcessCpuTime() - startCpu) / 1e9);
    }

    /** Returns the CPU seconds of this process since its start. */
    static double coreSecondsSoFar() {
        return PROCESS.getProcessCpuTime() / 1e9;
    }

    double rate() {
        return photos / seconds;
    }

    /** Returns the CPU milliseconds per photo. */
    double coreMillis() {
        return 1e3 * coreSeconds / photos;
    }
}
