package io.planisphere.spark.progress;

import io.planisphere.image.Status;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a run is. Tasks in flight count by their last heartbeat, repeated tasks count again.
 *
 * @param counts what tasks have done in this run
 * @param work what there is to do in it
 * @param place what is being read
 * @param seconds since photos began to be read, or the run to be prepared
 * @param coreSeconds that executors were there for in these seconds, all their cores together
 */
public record Progress(TaskCounts counts, Work work, Place place, double seconds, double coreSeconds) {
    /**
     * What is being read.
     *
     * @param batch its number, as in {@code batch=N/}; negative before the first
     * @param shard name of the last shard that was opened; empty where photos come by reference
     */
    public record Place(long batch, String shard) {
        static final Place NOWHERE = new Place(-1, "");
    }

    /** Rows made. */
    public long photos() {
        return counts.photos();
    }

    /** Photos by status, without those that are fine: a photo whose owner opted out is no error. */
    public Map<Status, Long> errorsByStatus() {
        return counts.status().entrySet().stream()
                .filter(entry -> entry.getKey() != Status.OK && entry.getKey() != Status.OPTED_OUT)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, Long::sum, () -> new TreeMap<Status, Long>()));
    }

    public long errors() {
        return errorsByStatus().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Photos by status code. */
    public Map<String, Long> status() {
        return counts.status().entrySet().stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().code(),
                        Map.Entry::getValue,
                        Long::sum,
                        () -> new TreeMap<String, Long>()));
    }

    public double photosPerSecond() {
        return seconds > 0 ? photos() / seconds : 0;
    }

    public double photosPerSecondAndCore() {
        return coreSeconds > 0 ? photos() / coreSeconds : 0;
    }

    /** Share of the work that is done, 0 to 1: by photos, or where only bytes are known, by these. Empty where nobody knows. */
    public OptionalDouble fraction() {
        if (work.photos() > 0) {
            return OptionalDouble.of(Math.min(1, photos() / (double) work.photos()));
        }
        return work.bytes() > 0
                ? OptionalDouble.of(Math.min(1, counts.bytes() / (double) work.bytes()))
                : OptionalDouble.empty();
    }

    /** If it goes on as it went; empty before the first photo, and where nobody knows how many there are. */
    public OptionalDouble secondsLeft() {
        double done = fraction().orElse(0);
        return done > 0 ? OptionalDouble.of(seconds / done - seconds) : OptionalDouble.empty();
    }

    /** Which of this run's shards was opened last, from 1; 0 before the first, and where there are none. */
    public long shard() {
        long opened = counts.shards().count();
        return work.shards() > 0 ? Math.min(opened, work.shards()) : opened;
    }
}
