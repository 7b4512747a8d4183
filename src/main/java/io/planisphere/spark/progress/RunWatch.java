package io.planisphere.spark.progress;

import io.planisphere.spark.progress.Progress.Place;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;

/**
 * Watches one start of a job from its beginning to its end: listens to its tasks, knows what there is to do, and gives Spark's
 * metrics system the figures. Closing it takes listener and figures back.
 */
public final class RunWatch implements AutoCloseable {
    private final SparkContext context;
    private final TaskReports reports;
    private final ProgressSource source;
    private final int cores;
    private volatile Work work = Work.UNKNOWN;
    private volatile long began = System.nanoTime();
    private volatile long batch = Place.NOWHERE.batch();

    private RunWatch(SparkContext context, TaskMetrics metrics, int cores) {
        this.context = context;
        this.cores = cores;
        reports = new TaskReports(metrics);
        source = new ProgressSource(this::now);
    }

    /**
     * Begins to watch.
     *
     * @param cores of the cluster
     */
    public static RunWatch open(SparkContext context, TaskMetrics metrics, int cores) {
        RunWatch watch = new RunWatch(context, metrics, cores);
        context.addSparkListener(watch.reports);
        SparkEnv.get().metricsSystem().registerSource(watch.source);
        return watch;
    }

    /** Tells that photos are read from now on; rates and the time left count from here. */
    public void begin(Work toDo) {
        work = toDo;
        began = System.nanoTime();
    }

    /** Tells which batch has begun. */
    public void batch(long number) {
        batch = number;
    }

    public Progress now() {
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Progress(reports.sum(), work, new Place(batch, reports.latestShard()), seconds, cores);
    }

    @Override
    public void close() {
        context.removeSparkListener(reports);
        SparkEnv.get().metricsSystem().removeSource(source);
    }
}
