package io.planisphere.spark;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Tuple4;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Says on a stream every few seconds how far a job is: photos done, photos per second, errors, time left. Tasks in flight
 * count too, by what executors report with their heartbeats.
 */
final class ProgressLine extends SparkListener implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final SparkContext context;
    private final TaskMetrics metrics;
    private final Work work;
    private final PrintStream out;
    private final long began = System.nanoTime();
    private final Map<Long, InFlight> inFlight = new ConcurrentHashMap<>();
    private Future<?> printing = CompletableFuture.completedFuture(null);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread thread = new Thread(run, "planisphere-progress");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * What there is to do in this start of the job.
     *
     * @param photos where they are known beforehand, else 0
     * @param bytes of the shards, where photos are not known
     */
    record Work(long photos, long bytes) {}

    /** What a running task has done so far. */
    private record InFlight(long photos, long errors, long bytes) {}

    ProgressLine(SparkContext context, TaskMetrics metrics, Work work, PrintStream out) {
        this.context = context;
        this.metrics = metrics;
        this.work = work;
        this.out = out;
    }

    /** Begins to speak, until {@link #close}. */
    void start() {
        context.addSparkListener(this);
        printing = timer.scheduleWithFixedDelay(this::print, PERIOD.toSeconds(), PERIOD.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task :
                CollectionConverters.asJava(update.accumUpdates())) {
            long photos = 0;
            long errors = 0;
            long bytes = 0;
            for (AccumulableInfo info : CollectionConverters.asJava(task._4())) {
                long value = info.update().isDefined() && info.update().get() instanceof Long number ? number : 0;
                photos += info.id() == metrics.photos().id() ? value : 0;
                errors += info.id() == metrics.errors().id() ? value : 0;
                bytes += info.id() == metrics.bytes().id() ? value : 0;
            }
            inFlight.put((Long) task._1(), new InFlight(photos, errors, bytes));
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        inFlight.remove(end.taskInfo().taskId());
    }

    private void print() {
        long photos = metrics.photos().value();
        long errors = metrics.errors().value();
        long bytes = metrics.bytes().value();
        for (InFlight task : inFlight.values()) {
            photos += task.photos;
            errors += task.errors;
            bytes += task.bytes;
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        out.println(line(photos, errors, bytes, seconds, work));
    }

    static String line(long photos, long errors, long bytes, double seconds, Work work) {
        double fraction =
                work.photos > 0 ? photos / (double) work.photos : work.bytes > 0 ? bytes / (double) work.bytes : 0;
        String left =
                fraction <= 0 || fraction >= 1 ? "time left unknown" : duration(seconds / fraction - seconds) + " left";
        return String.format(
                Locale.ROOT, "%,d photos, %,.1f per second, %,d errors, %s", photos, photos / seconds, errors, left);
    }

    private static String duration(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? whole / 3600 + " h " + whole % 3600 / 60 + " min"
                : whole >= 60 ? whole / 60 + " min " + whole % 60 + " s" : whole + " s";
    }

    @Override
    public void close() {
        printing.cancel(false);
        timer.shutdown();
        context.removeSparkListener(this);
    }
}
