package io.planisphere.spark.progress;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.Tuple4;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Adds up the counts that tasks report: final counts of successful tasks, counts as of the last heartbeat of running tasks,
 * nothing from failed tasks. A task moves from one sum to the other atomically, so that no photo counts twice.
 */
final class TaskReports extends SparkListener {
    private final TaskMetrics metrics;
    private final Map<Long, InFlight> inFlight = new HashMap<>();
    private TaskCounts ended = TaskCounts.NONE;
    private String latestShard = "";

    /** A running task, as of its last heartbeat. */
    private record InFlight(int stage, TaskCounts counts) {}

    TaskReports(TaskMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
        for (Tuple4<Object, Object, Object, Seq<AccumulableInfo>> task :
                CollectionConverters.asJava(update.accumUpdates())) {
            TaskCounts counts =
                    TaskCounts.of(CollectionConverters.asJava(task._4()).iterator(), metrics);
            InFlight before = inFlight.put((Long) task._1(), new InFlight((Integer) task._2(), counts));
            long opened = before == null ? 0 : before.counts.shards().count();
            latestShard = counts.shards().count() > opened ? counts.shards().latest() : latestShard;
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        inFlight.remove(end.taskInfo().taskId());
        if (end.taskInfo().successful()) {
            TaskCounts counts = TaskCounts.of(
                    CollectionConverters.asJava(end.taskInfo().accumulables()).iterator(), metrics);
            ended = ended.plus(counts);
        }
    }

    /** Removes the stage's running tasks, because a heartbeat that arrives after its task's end would otherwise stay. */
    @Override
    public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
        inFlight.values().removeIf(task -> task.stage == completed.stageInfo().stageId());
    }

    /** Returns the current sum. */
    synchronized TaskCounts sum() {
        TaskCounts sum = ended;
        for (InFlight task : inFlight.values()) {
            sum = sum.plus(task.counts);
        }
        return sum;
    }

    /** Returns the name of the shard in the latest heartbeat; empty if no shards are read. */
    synchronized String latestShard() {
        return latestShard;
    }
}
