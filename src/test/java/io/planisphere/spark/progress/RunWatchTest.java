package io.planisphere.spark.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.planisphere.image.Status;
import io.planisphere.spark.WatchedSpark;
import io.planisphere.vision.StageTimes;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real tasks that report and then wait. */
class RunWatchTest {
    private static final StageTimes NONE = new StageTimes(0, 0, 0, 0);

    // static, because the tasks run in this process
    private static volatile CountDownLatch held = new CountDownLatch(0);

    private static WatchedSpark spark;

    private TaskMetrics metrics;

    @BeforeAll
    static void start() {
        spark = new WatchedSpark();
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @BeforeEach
    void register() {
        metrics = TaskMetrics.register(spark.context());
        held = new CountDownLatch(1);
    }

    @AfterEach
    void letGo() {
        held.countDown();
    }

    /**
     * Reports two photos in the first task, and three in the second, which then waits; the third task reports none until it is
     * repeated.
     */
    private record Reporting(TaskMetrics metrics, int failing) implements FlatMapFunction<Iterator<Integer>, Integer> {
        @Override
        public Iterator<Integer> call(Iterator<Integer> photos) throws InterruptedException {
            int task = TaskContext.getPartitionId();
            metrics.shards().add("shard-" + task + ".tar");
            metrics.bytes().add(100L * (task + 1));
            metrics.add(Status.OK);
            metrics.add(task == 0 ? Status.MISSING : Status.TRUNCATED);
            if (task == 1) {
                metrics.add(Status.OK);
                metrics.add(new StageTimes(1, 2, 3, 4), NONE);
                await();
            }
            if (task == failing && TaskContext.get().attemptNumber() == 0) {
                await();
                throw new IllegalStateException("of a test: the first attempt fails");
            }
            return List.of(task).iterator();
        }

        private static void await() throws InterruptedException {
            assertThat(held.await(2, TimeUnit.MINUTES)).isTrue();
        }
    }

    private CompletableFuture<Long> run(int tasks, int failing) {
        return CompletableFuture.supplyAsync(() -> JavaSparkContext.fromSparkContext(spark.context())
                .parallelize(List.of(0, 1, 2).subList(0, tasks), tasks)
                .mapPartitions(new Reporting(metrics, failing))
                .count());
    }

    @Test
    void runningTasksCountTogetherWithFinishedOnes() throws Exception {
        try (RunWatch watch = RunWatch.open(spark.context(), metrics)) {
            watch.begin(new Work(10, 0, 0));
            CompletableFuture<Long> job = run(2, -1);
            WatchedSpark.await("five photos", () -> watch.now().photos() == 5);

            Progress seen = watch.now();
            assertThat(seen.counts().status())
                    .isEqualTo(Map.of(Status.OK, 3L, Status.MISSING, 1L, Status.TRUNCATED, 1L));
            assertThat(seen.errors()).isEqualTo(2);
            assertThat(seen.counts().bytes()).isEqualTo(300);
            assertThat(seen.counts().times()).isEqualTo(new StageTimes(1, 2, 3, 4));
            assertThat(seen.fraction()).hasValue(0.5);
            assertThat(seen.shard()).isEqualTo(2);
            assertThat(seen.place().shard()).isEqualTo("shard-1.tar");
            assertThat(seen.coreSeconds()).as("of local[4,2]").isCloseTo(4 * seen.seconds(), withinPercentage(20));
            // only the first task can end; the driver adds its figures after a heartbeat may have told them
            WatchedSpark.await(
                    "the end of the first task", () -> metrics.ended().photos() == 2);

            held.countDown();
            job.get(1, TimeUnit.MINUTES);
            assertThat(metrics.ended().photos()).isEqualTo(5);
            assertThat(watch.now().counts().status()).isEqualTo(metrics.ended().status());
        }
    }

    @Test
    void thePhotosOfAFailedTaskAreSubtractedAndItsRetryCounts() throws Exception {
        try (RunWatch watch = RunWatch.open(spark.context(), metrics)) {
            CompletableFuture<Long> job = run(3, 2);
            WatchedSpark.await("seven photos", () -> watch.now().photos() == 7);

            held.countDown();
            job.get(1, TimeUnit.MINUTES);

            WatchedSpark.await(
                    "the end of all tasks",
                    () -> watch.now().photos() == 7 && metrics.ended().photos() == 7);
            assertThat(watch.now().counts().status())
                    .isEqualTo(Map.of(Status.OK, 4L, Status.MISSING, 1L, Status.TRUNCATED, 2L));
            assertThat(watch.now().counts().bytes()).isEqualTo(100 + 200 + 300);
        }
    }

    @Test
    void aClosedWatchIgnoresEventsAndRemovesItsMetrics() throws Exception {
        RunWatch watch = RunWatch.open(spark.context(), metrics);
        assertThat(spark.prometheus()).containsEntry("photos", 0.0);
        assertThat(WatchedSpark.isInJmx("photos")).isTrue();
        watch.close();
        held.countDown();

        assertThat(run(2, -1).get(1, TimeUnit.MINUTES)).isEqualTo(2);
        try (RunWatch other = RunWatch.open(spark.context(), metrics)) {
            // all listeners get events in order, so once the events of the second job have arrived, so have those of
            // the first
            run(2, -1).get(1, TimeUnit.MINUTES);
            WatchedSpark.await("five photos", () -> other.now().photos() >= 5);
        }

        assertThat(watch.now().photos()).isZero();
        assertThat(spark.prometheus()).isEmpty();
        assertThat(WatchedSpark.isInJmx("photos")).isFalse();
    }

    @Test
    void unknownMetricsAreNaN() throws Exception {
        try (RunWatch watch = RunWatch.open(spark.context(), metrics)) {
            assertThat(spark.prometheus()).containsEntry("secondsLeft", Double.NaN);
            watch.begin(new Work(0, 600, 3));
            CompletableFuture<Long> job = run(2, -1);
            WatchedSpark.await("three hundred bytes", () -> watch.now().counts().bytes() == 300);

            assertThat(spark.prometheus()).containsEntry("fraction", 0.5);
            double seconds = watch.now().seconds();
            assertThat((Double) WatchedSpark.jmx("secondsLeft"))
                    .isBetween(0.0, watch.now().seconds())
                    .isGreaterThanOrEqualTo(seconds);
            held.countDown();
            job.get(1, TimeUnit.MINUTES);
        }
    }
}
