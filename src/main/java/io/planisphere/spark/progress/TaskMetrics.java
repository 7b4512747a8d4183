package io.planisphere.spark.progress;

import io.planisphere.image.Status;
import io.planisphere.vision.StageTimes;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * The metrics that tasks report while they run: Spark's heartbeats send them to the driver every few seconds, and the end of a
 * task sends the rest. A repeated task counts again, so values that must be exact do not come from here.
 *
 * @param status rows made, by status
 * @param bytes bytes of encoded photos read
 * @param shards shards opened
 */
public record TaskMetrics(
        StatusCounts status,
        LongAccumulator bytes,
        OpenedShards shards,
        LongAccumulator readNanos,
        LongAccumulator decodeNanos,
        LongAccumulator prepareNanos,
        LongAccumulator inferNanos)
        implements Serializable {

    public static TaskMetrics register(SparkContext context) {
        StatusCounts status = new StatusCounts();
        context.register(status, "planisphere photos by status");
        OpenedShards shards = new OpenedShards();
        context.register(shards, "planisphere shards");
        return new TaskMetrics(
                status,
                context.longAccumulator("planisphere bytes"),
                shards,
                context.longAccumulator("planisphere read ns"),
                context.longAccumulator("planisphere decode ns"),
                context.longAccumulator("planisphere prepare ns"),
                context.longAccumulator("planisphere infer ns"));
    }

    /** Counts a photo that has its row. */
    public void add(Status became) {
        status.add(became);
    }

    /** Adds the time spent since {@code before}. */
    public void add(StageTimes now, StageTimes before) {
        readNanos.add(now.read() - before.read());
        decodeNanos.add(now.decode() - before.decode());
        prepareNanos.add(now.prepare() - before.prepare());
        inferNanos.add(now.infer() - before.infer());
    }

    /** Returns the counts of ended tasks. */
    public TaskCounts ended() {
        return new TaskCounts(
                status.value(),
                bytes.value(),
                shards.value(),
                new StageTimes(readNanos.value(), decodeNanos.value(), prepareNanos.value(), inferNanos.value()));
    }
}
