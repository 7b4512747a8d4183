package io.planisphere.spark.progress;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The core-seconds of registered executors, the divisor of rates per core. An executor counts, busy or idle, from its
 * registration until it is lost or released.
 */
final class ExecutorCores extends SparkListener {
    private final Map<String, Present> present = new HashMap<>();
    private final Set<String> removed = new HashSet<>();
    private final long opened = System.currentTimeMillis();
    private double secondsOfRemoved;

    /** A registered executor. */
    private record Present(int cores, long since) {
        double coreSeconds(long until) {
            return cores * Math.max(0, until - since) / 1e3;
        }
    }

    /** Starts counting. */
    static ExecutorCores open(SparkContext context) {
        ExecutorCores cores = new ExecutorCores();
        context.addSparkListener(cores);
        // there are no events for executors that registered before; one that appears in both counts once
        for (ExecutorSummary executor :
                CollectionConverters.asJava(context.statusStore().executorList(true))) {
            cores.add(
                    executor.id(),
                    executor.totalCores(),
                    executor.addTime().toInstant().toEpochMilli());
        }
        return cores;
    }

    @Override
    public void onExecutorAdded(SparkListenerExecutorAdded added) {
        add(added.executorId(), added.executorInfo().totalCores(), added.time());
    }

    private synchronized void add(String executor, int cores, long time) {
        if (!removed.contains(executor)) {
            present.putIfAbsent(executor, new Present(cores, Math.max(opened, time)));
        }
    }

    @Override
    public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved gone) {
        removed.add(gone.executorId());
        Present executor = present.remove(gone.executorId());
        if (executor != null) {
            secondsOfRemoved += executor.coreSeconds(gone.time());
        }
    }

    /** Returns the core-seconds so far; two cores for a minute are 120. */
    synchronized double coreSeconds() {
        long now = System.currentTimeMillis();
        return secondsOfRemoved
                + present.values().stream()
                        .mapToDouble(executor -> executor.coreSeconds(now))
                        .sum();
    }
}
