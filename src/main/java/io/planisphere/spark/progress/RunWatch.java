package io.planisphere.spark.progress;

import io.planisphere.spark.progress.Progress.Place;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;

/**
 * Monitors one run of a job: listens to its tasks, knows the total work, and publishes the progress to Spark's metrics system.
 * Closing it removes the listener and the metrics.
 */
public final class RunWatch implements AutoCloseable {
    private final SparkContext context;
    private final TaskReports reports;
    private final ProgressSource source;
    private final ExecutorCores cores;
    private volatile Work work = Work.UNKNOWN;
    private volatile Beginning began;
    private volatile long batch = Place.NOWHERE.batch();

    /** The clock values at the beginning. */
    private record Beginning(long nanos, double coreSeconds) {}

    private RunWatch(SparkContext context, TaskMetrics metrics) {
        this.context = context;
        cores = ExecutorCores.open(context);
        began = beginning();
        reports = new TaskReports(metrics);
        source = new ProgressSource(this::now);
    }

    /** Starts monitoring. */
    public static RunWatch open(SparkContext context, TaskMetrics metrics) {
        RunWatch watch = new RunWatch(context, metrics);
        context.addSparkListener(watch.reports);
        SparkEnv.get().metricsSystem().registerSource(watch.source);
        return watch;
    }

    /** Marks the beginning of reading photos; rates and the time left are computed from here. */
    public void begin(Work toDo) {
        work = toDo;
        began = beginning();
    }

    private Beginning beginning() {
        return new Beginning(System.nanoTime(), cores.coreSeconds());
    }

    /** Returns the core-seconds since monitoring started. */
    public double coreSeconds() {
        return cores.coreSeconds();
    }

    /** Sets the batch that has begun. */
    public void batch(long number) {
        batch = number;
    }

    public Progress now() {
        Beginning from = began;
        double seconds = (System.nanoTime() - from.nanos) / 1e9;
        return new Progress(
                reports.sum(),
                work,
                new Place(batch, reports.latestShard()),
                seconds,
                cores.coreSeconds() - from.coreSeconds);
    }

    @Override
    public void close() {
        context.removeSparkListener(reports);
        context.removeSparkListener(cores);
        SparkEnv.get().metricsSystem().removeSource(source);
    }
}
