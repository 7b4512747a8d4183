package io.planisphere.spark;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.util.AccumulatorV2;
import org.jspecify.annotations.Nullable;

/**
 * What tasks report of things that have names, kept by name, so that what a repeated or speculative task reports again still
 * counts once. Of an action's last stage Spark takes one attempt at each task, the one whose rows are committed.
 */
final class TaskReports<V> extends AccumulatorV2<Map.Entry<String, V>, Map<String, V>> {
    private static final long serialVersionUID = 1L;

    // Concurrent because heartbeats read it while the task writes. Null while Spark deserializes this, when heartbeats
    // ask
    // already (SPARK-20977); an exception would end them for good, and the executor two minutes later.
    private @Nullable ConcurrentHashMap<String, V> reports = new ConcurrentHashMap<>();

    @Override
    public boolean isZero() {
        return value().isEmpty();
    }

    @Override
    public TaskReports<V> copy() {
        TaskReports<V> copy = new TaskReports<>();
        copy.merge(this);
        return copy;
    }

    @Override
    public void reset() {
        reports = new ConcurrentHashMap<>();
    }

    @Override
    public void add(Map.Entry<String, V> report) {
        value().put(report.getKey(), report.getValue());
    }

    @Override
    public void merge(AccumulatorV2<Map.Entry<String, V>, Map<String, V>> other) {
        value().putAll(other.value());
    }

    @Override
    public Map<String, V> value() {
        return reports == null ? Map.of() : reports;
    }
}
