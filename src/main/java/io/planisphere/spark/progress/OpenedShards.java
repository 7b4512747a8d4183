package io.planisphere.spark.progress;

import java.io.Serializable;
import org.apache.spark.util.AccumulatorV2;
import org.jspecify.annotations.Nullable;

/** The number of shards that tasks have opened, and the name of the last one. */
public final class OpenedShards extends AccumulatorV2<String, OpenedShards.Opened> {
    private static final long serialVersionUID = 1L;

    // null while Spark deserializes this object, when heartbeats already read it (SPARK-20977)
    private volatile @Nullable Opened opened = Opened.NONE;

    /**
     * Shards opened so far; one that a repeated task opened again counts twice.
     *
     * @param latest name of the last shard; empty if there is none
     */
    public record Opened(long count, String latest) implements Serializable {
        static final Opened NONE = new Opened(0, "");

        Opened plus(Opened later) {
            return later.count == 0 ? this : new Opened(count + later.count, later.latest);
        }
    }

    @Override
    public boolean isZero() {
        return value().count == 0;
    }

    @Override
    public OpenedShards copy() {
        OpenedShards copy = new OpenedShards();
        copy.opened = opened;
        return copy;
    }

    @Override
    public void reset() {
        opened = Opened.NONE;
    }

    /** Counts an opened shard, given its name. */
    @Override
    public void add(String shard) {
        opened = value().plus(new Opened(1, shard));
    }

    @Override
    public void merge(AccumulatorV2<String, Opened> other) {
        opened = value().plus(other.value());
    }

    @Override
    public Opened value() {
        Opened now = opened;
        return now == null ? Opened.NONE : now;
    }
}
