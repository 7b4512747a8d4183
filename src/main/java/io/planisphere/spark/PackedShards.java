package io.planisphere.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.util.AccumulatorV2;

/**
 * The shards that tasks have written, by the name that they are to have. Spark counts a task of the last stage once, so of two
 * attempts at the same shard only that one is here whose rows were committed.
 */
final class PackedShards
        extends AccumulatorV2<Map.Entry<String, PackedShards.Written>, Map<String, PackedShards.Written>> {
    private static final long serialVersionUID = 1L;

    /**
     * A shard that is whole.
     *
     * @param path where it stands now
     */
    record Written(String path, long photos, long bytes) implements Serializable {}

    // Concurrent because heartbeats read it while the task writes.
    private final ConcurrentHashMap<String, Written> shards = new ConcurrentHashMap<>();

    @Override
    public boolean isZero() {
        return shards.isEmpty();
    }

    @Override
    public PackedShards copy() {
        PackedShards copy = new PackedShards();
        copy.shards.putAll(shards);
        return copy;
    }

    @Override
    public void reset() {
        shards.clear();
    }

    @Override
    public void add(Map.Entry<String, Written> shard) {
        shards.put(shard.getKey(), shard.getValue());
    }

    @Override
    public void merge(AccumulatorV2<Map.Entry<String, Written>, Map<String, Written>> other) {
        shards.putAll(other.value());
    }

    @Override
    public Map<String, Written> value() {
        return shards;
    }
}
