package io.planisphere.spark;

import io.planisphere.source.ShardTally;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.util.AccumulatorV2;

/**
 * What readers found in each shard. Kept per shard, so that a shard that was read twice (a repeated or speculative task)
 * still counts once.
 */
final class ShardTallies extends AccumulatorV2<Map.Entry<String, ShardTally>, Map<String, ShardTally>> {
    private static final long serialVersionUID = 1L;

    // Concurrent because heartbeats read it while the task writes.
    private final ConcurrentHashMap<String, ShardTally> tallies = new ConcurrentHashMap<>();

    @Override
    public boolean isZero() {
        return tallies.isEmpty();
    }

    @Override
    public ShardTallies copy() {
        ShardTallies copy = new ShardTallies();
        copy.tallies.putAll(tallies);
        return copy;
    }

    @Override
    public void reset() {
        tallies.clear();
    }

    @Override
    public void add(Map.Entry<String, ShardTally> shard) {
        tallies.put(shard.getKey(), shard.getValue());
    }

    @Override
    public void merge(AccumulatorV2<Map.Entry<String, ShardTally>, Map<String, ShardTally>> other) {
        tallies.putAll(other.value());
    }

    @Override
    public Map<String, ShardTally> value() {
        return tallies;
    }
}
