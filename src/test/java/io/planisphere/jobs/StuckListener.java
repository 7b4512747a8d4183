package io.planisphere.jobs;

import java.util.concurrent.CountDownLatch;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** A user's listener that hangs at the first job until the process ends: its queue fills up, and Spark drops events. */
public final class StuckListener extends SparkListener {
    private final CountDownLatch ending = new CountDownLatch(1);

    public StuckListener() {
        // Spark's shutdown waits for its listeners
        Runtime.getRuntime().addShutdownHook(new Thread(ending::countDown));
    }

    @Override
    public void onJobStart(SparkListenerJobStart begun) {
        try {
            ending.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
