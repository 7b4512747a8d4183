package io.planisphere.spark.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * Photos that went through, and what that took.
 *
 * @param seconds by the clock
 * @param coreSeconds of processor time of this process, garbage collection and compilation included
 */
record Turn(long photos, double seconds, double coreSeconds) {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Something that takes photos and says how many they were. */
    interface Work {
        long run() throws IOException, InterruptedException;
    }

    static Turn of(Work work) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long startCpu = PROCESS.getProcessCpuTime();
        long photos = work.run();
        return new Turn(photos, (System.nanoTime() - start) / 1e9, (PROCESS.getProcessCpuTime() - startCpu) / 1e9);
    }

    double rate() {
        return photos / seconds;
    }

    /** Milliseconds of a core per photo. */
    double coreMillis() {
        return 1e3 * coreSeconds / photos;
    }
}
