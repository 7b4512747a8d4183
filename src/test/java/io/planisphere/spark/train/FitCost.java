package io.planisphere.spark.train;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.planisphere.spark.train.HeadFit.ClassWeights;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Measures the cost of a fit: seconds per pass over the photos, in wall-clock time and in core time, which varies less on a
 * busy machine; and the heap that the driver needs. The driver is this JVM; one executor with two cores is another JVM, so that
 * their memory is measured separately. Features are noise: the cost of a fit does not depend on their meaning.
 *
 * <p>Arguments: photos, width, classes, iterations. {@code docs/performance.md} has the command line.
 */
public final class FitCost {
    private static final int CORES = 2;

    private FitCost() {}

    public static void main(String[] args) {
        int photos = Integer.parseInt(args[0]);
        int width = Integer.parseInt(args[1]);
        int classes = Integer.parseInt(args[2]);
        int iterations = Integer.parseInt(args[3]);
        AtomicLong live = new AtomicLong();
        watchHeap(live);
        SparkSession spark = SparkSession.builder().appName("fit cost").getOrCreate();
        Dataset<Row> data =
                spark.range(0, photos, 1, CORES).map(new Noise(width, classes), Encoders.row(Noise.COLUMNS));
        HeadFit fit = new HeadFit(ClassWeights.NONE, 1e-4, iterations, OptionalDouble.empty());
        List<Long> ends = new CopyOnWriteArrayList<>();
        List<Long> cpu = new CopyOnWriteArrayList<>();
        AtomicLong cpuNanos = new AtomicLong();
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd task) {
                cpuNanos.addAndGet(task.taskMetrics().executorCpuTime());
            }

            @Override
            public void onJobEnd(SparkListenerJobEnd job) {
                ends.add(job.time());
                cpu.add(cpuNanos.get());
            }
        });
        long start = System.nanoTime();
        // no tolerance, so that all iterations run
        LogisticRegressionModel model = fit.regression().setTol(0).fit(data);
        double seconds = (System.nanoTime() - start) / 1e9;
        int run = model.summary().objectiveHistory().length - 1;
        spark.stop(); // the listener has then received all events
        // the last jobs are passes over the photos, one per evaluation of the loss; each is timed from the end of the
        // previous one to its own end
        double perPass = sinceBefore(run, ends) / 1e3 / run;
        double cpuPerPass = sinceBefore(run, cpu) / 1e9 / run;
        System.out.printf(
                Locale.ROOT,
                "%,d photos, %,d values, %,d classes: %d iterations in %.1f s, %.2f s per pass, %.2f of one core; driver: %,d MB of %,d left after collections%n",
                photos,
                width,
                classes,
                run,
                seconds,
                perPass,
                cpuPerPass,
                live.get() >> 20,
                Runtime.getRuntime().maxMemory() >> 20);
    }

    private static long sinceBefore(int jobs, List<Long> values) {
        return values.get(values.size() - 1) - values.get(values.size() - 1 - jobs);
    }

    /** Records the largest heap that a garbage collection left. */
    private static void watchHeap(AtomicLong live) {
        Set<String> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getName)
                .collect(Collectors.toSet());
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, handback) -> {
                                long used = GarbageCollectionNotificationInfo.from(
                                                (CompositeData) notification.getUserData())
                                        .getGcInfo()
                                        .getMemoryUsageAfterGc()
                                        .entrySet()
                                        .stream()
                                        .filter(pool -> heap.contains(pool.getKey()))
                                        .mapToLong(pool -> pool.getValue().getUsed())
                                        .sum();
                                live.accumulateAndGet(used, Math::max);
                            },
                            notification -> notification
                                    .getType()
                                    .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
                            null);
        }
    }

    private record Noise(int width, int classes) implements MapFunction<Long, Row> {
        static final StructType COLUMNS = new StructType()
                .add("label", DataTypes.DoubleType, false)
                .add("weight", DataTypes.DoubleType, false)
                .add("features", SQLDataTypes.VectorType(), false);

        @Override
        public Row call(Long photo) {
            SplittableRandom random = new SplittableRandom(photo);
            return RowFactory.create(
                    (double) (classes
                            - 1
                            - photo % classes), // starts with the last class, so few photos make many classes
                    1.0,
                    Vectors.dense(random.doubles(width).toArray()));
        }
    }
}
