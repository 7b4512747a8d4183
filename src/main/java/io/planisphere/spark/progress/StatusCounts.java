package io.planisphere.spark.progress;

import io.planisphere.image.Status;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.util.AccumulatorV2;
import org.jspecify.annotations.Nullable;

/**
 * Photos by status. Counting a photo is one addition without allocation. Heartbeats read while the task adds, as with Spark's own
 * accumulators: they may miss the latest photo, which the next heartbeat includes.
 */
public final class StatusCounts extends AccumulatorV2<Status, Map<Status, Long>> {
    private static final long serialVersionUID = 1L;

    // Null while Spark deserializes this object, when heartbeats already read it (SPARK-20977).
    private @Nullable EnumMap<Status, long[]> counts = none();

    /** Returns a map with an entry for every status, so that the map itself never changes. */
    private static EnumMap<Status, long[]> none() {
        EnumMap<Status, long[]> none = new EnumMap<>(Status.class);
        for (Status status : Status.values()) {
            none.put(status, new long[1]);
        }
        return none;
    }

    @Override
    public boolean isZero() {
        return value().isEmpty();
    }

    @Override
    public StatusCounts copy() {
        StatusCounts copy = new StatusCounts();
        copy.merge(this);
        return copy;
    }

    @Override
    public void reset() {
        counts = none();
    }

    @Override
    public void add(Status status) {
        add(status, 1);
    }

    private void add(Status status, long photos) {
        Objects.requireNonNull(Objects.requireNonNull(counts).get(status))[0] += photos;
    }

    @Override
    public void merge(AccumulatorV2<Status, Map<Status, Long>> other) {
        other.value().forEach(this::add);
    }

    /** Returns the current counts, without zeros. */
    @Override
    public Map<Status, Long> value() {
        Map<Status, Long> value = new EnumMap<>(Status.class);
        if (counts != null) {
            counts.forEach((status, count) -> {
                if (count[0] != 0) {
                    value.put(status, count[0]);
                }
            });
        }
        return Collections.unmodifiableMap(value);
    }
}
