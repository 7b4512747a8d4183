package io.planisphere.spark.progress;

import io.planisphere.image.Status;
import io.planisphere.spark.progress.OpenedShards.Opened;
import io.planisphere.vision.StageTimes;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.scheduler.AccumulableInfo;
import org.jspecify.annotations.Nullable;

/**
 * The work done by one or more tasks.
 *
 * @param status photos that have their row, by status
 * @param bytes bytes of encoded photos
 * @param shards shards opened
 * @param times wall-clock time by stage
 */
public record TaskCounts(Map<Status, Long> status, long bytes, Opened shards, StageTimes times) {
    static final TaskCounts NONE = new TaskCounts(Map.of(), 0, Opened.NONE, new StageTimes(0, 0, 0, 0));

    /** Returns the counts that one task reported, ignoring other accumulators. */
    static TaskCounts of(Iterator<AccumulableInfo> reported, TaskMetrics metrics) {
        Map<Status, Long> status = Map.of();
        Opened shards = Opened.NONE;
        long bytes = 0;
        long read = 0;
        long decode = 0;
        long prepare = 0;
        long infer = 0;
        while (reported.hasNext()) {
            AccumulableInfo info = reported.next();
            Object update = info.update().isDefined() ? info.update().get() : null;
            status = info.id() == metrics.status().id() && update instanceof Map<?, ?> counts
                    ? statuses(counts)
                    : status;
            shards = info.id() == metrics.shards().id() && update instanceof Opened opened ? opened : shards;
            bytes += number(info, update, metrics.bytes().id());
            read += number(info, update, metrics.readNanos().id());
            decode += number(info, update, metrics.decodeNanos().id());
            prepare += number(info, update, metrics.prepareNanos().id());
            infer += number(info, update, metrics.inferNanos().id());
        }
        return new TaskCounts(status, bytes, shards, new StageTimes(read, decode, prepare, infer));
    }

    private static Map<Status, Long> statuses(Map<?, ?> counts) {
        Map<Status, Long> statuses = new EnumMap<>(Status.class);
        counts.forEach((status, count) -> statuses.put((Status) status, (Long) count));
        return statuses;
    }

    private static long number(AccumulableInfo info, @Nullable Object update, long wanted) {
        return info.id() == wanted && update instanceof Long number ? number : 0;
    }

    TaskCounts plus(TaskCounts more) {
        Map<Status, Long> sum = new EnumMap<>(Status.class);
        sum.putAll(status);
        more.status.forEach((each, count) -> sum.merge(each, count, Long::sum));
        return new TaskCounts(
                Collections.unmodifiableMap(sum),
                bytes + more.bytes,
                shards.plus(more.shards),
                new StageTimes(
                        times.read() + more.times.read(),
                        times.decode() + more.times.decode(),
                        times.prepare() + more.times.prepare(),
                        times.infer() + more.times.infer()));
    }

    /** Returns the number of photos that have their row. */
    public long photos() {
        return status.values().stream().mapToLong(Long::longValue).sum();
    }
}
