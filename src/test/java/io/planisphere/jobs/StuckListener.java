package io.planisphere.jobs;

import java.util.concurrent.CountDownLatch;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;

/** Somebody's listener that hangs at the first job, until the process ends: the queue behind it fills, and Spark drops events. */
public final class StuckListener extends SparkListener {
    private final CountDownLatch ending = new CountDownLatch(1);

    public StuckListener() {
        // Spark's end waits for its listeners
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
