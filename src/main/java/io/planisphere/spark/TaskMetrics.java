package io.planisphere.spark;

import io.planisphere.vision.StageTimes;
import java.io.Serializable;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * What tasks report while they run, for the progress line and the stage times. A repeated task counts again, so nothing that
 * must be exact is taken from here.
 */
record TaskMetrics(
        LongAccumulator photos,
        LongAccumulator errors,
        LongAccumulator bytes,
        LongAccumulator readNanos,
        LongAccumulator decodeNanos,
        LongAccumulator prepareNanos,
        LongAccumulator inferNanos)
        implements Serializable {

    static TaskMetrics register(SparkContext context) {
        return new TaskMetrics(
                context.longAccumulator("planisphere photos"),
                context.longAccumulator("planisphere errors"),
                context.longAccumulator("planisphere bytes"),
                context.longAccumulator("planisphere read ns"),
                context.longAccumulator("planisphere decode ns"),
                context.longAccumulator("planisphere prepare ns"),
                context.longAccumulator("planisphere infer ns"));
    }

    void add(StageTimes times) {
        readNanos.add(times.read());
        decodeNanos.add(times.decode());
        prepareNanos.add(times.prepare());
        inferNanos.add(times.infer());
    }

    StageTimes times() {
        return new StageTimes(readNanos.value(), decodeNanos.value(), prepareNanos.value(), inferNanos.value());
    }
}
