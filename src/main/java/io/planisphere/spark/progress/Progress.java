package io.planisphere.spark.progress;

import io.planisphere.image.Status;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The progress of a run. Running tasks count as of their last heartbeat; repeated tasks count again.
 *
 * @param counts work done by tasks in this run
 * @param work total work of this run
 * @param place batch and shard being read
 * @param seconds seconds since reading photos began, or before that, since preparation of the run began
 * @param coreSeconds registered time of executors in these seconds, summed over their cores
 */
public record Progress(TaskCounts counts, Work work, Place place, double seconds, double coreSeconds) {
    /**
     * The batch and shard being read.
     *
     * @param batch number of the batch, as in {@code batch=N/}; negative before the first
     * @param shard name of the last shard that was opened; empty if the inputs are references
     */
    public record Place(long batch, String shard) {
        static final Place NOWHERE = new Place(-1, "");
    }

    /** Returns the number of rows made. */
    public long photos() {
        return counts.photos();
    }

    /** Returns the photos by status, errors only; a photo whose owner opted out is no error. */
    public Map<Status, Long> errorsByStatus() {
        return counts.status().entrySet().stream()
                .filter(entry -> entry.getKey() != Status.OK && entry.getKey() != Status.OPTED_OUT)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, Long::sum, () -> new TreeMap<Status, Long>()));
    }

    public long errors() {
        return errorsByStatus().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns the photos by status code. */
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

    /** Returns the share of the work that is done, 0 to 1, by photos, or by bytes if only these are known. Empty if unknown. */
    public OptionalDouble fraction() {
        if (work.photos() > 0) {
            return OptionalDouble.of(Math.min(1, photos() / (double) work.photos()));
        }
        return work.bytes() > 0
                ? OptionalDouble.of(Math.min(1, counts.bytes() / (double) work.bytes()))
                : OptionalDouble.empty();
    }

    /** Returns the estimated seconds left at the current rate; empty before the first photo, and if the total is unknown. */
    public OptionalDouble secondsLeft() {
        double done = fraction().orElse(0);
        return done > 0 ? OptionalDouble.of(seconds / done - seconds) : OptionalDouble.empty();
    }

    /** Returns the index of the last opened shard in this run, from 1; 0 before the first, and if there are no shards. */
    public long shard() {
        long opened = counts.shards().count();
        return work.shards() > 0 ? Math.min(opened, work.shards()) : opened;
    }
}
