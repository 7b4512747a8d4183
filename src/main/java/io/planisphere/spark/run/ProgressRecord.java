package io.planisphere.spark.run;

import io.planisphere.spark.progress.Progress;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Progress of a run in {@code run.json} while it runs; of a killed run, its last progress. Rows of repeated tasks count again;
 * the verified counts are in {@link RunRecord#status}.
 *
 * @param updated time of this record
 * @param photos rows that this run has made so far
 * @param errors those of these rows that are neither ok nor opted out
 * @param status these rows by status code
 * @param bytes bytes of encoded photos
 * @param seconds seconds since the first photo was read
 * @param photosPerSecond average over these seconds
 * @param fraction share of this run's work that is done, 0 to 1; null if unknown
 * @param secondsLeft estimated seconds left at the current rate; null if unknown
 * @param batch batch that is being written; negative before the first
 * @param shard shard that was opened last; empty if the inputs are references
 */
public record ProgressRecord(
        String updated,
        long photos,
        long errors,
        Map<String, Long> status,
        long bytes,
        double seconds,
        double photosPerSecond,
        double photosPerSecondAndCore,
        @Nullable Double fraction,
        @Nullable Double secondsLeft,
        long batch,
        String shard) {

    static ProgressRecord of(Progress progress, Instant now) {
        return new ProgressRecord(
                now.toString(),
                progress.photos(),
                progress.errors(),
                progress.status(),
                progress.counts().bytes(),
                RunRecord.rounded(progress.seconds()),
                RunRecord.rounded(progress.photosPerSecond()),
                RunRecord.rounded(progress.photosPerSecondAndCore()),
                known(progress.fraction()),
                known(progress.secondsLeft()),
                progress.place().batch(),
                progress.place().shard());
    }

    private static @Nullable Double known(OptionalDouble value) {
        return value.isPresent() ? RunRecord.rounded(value.getAsDouble()) : null;
    }
}
