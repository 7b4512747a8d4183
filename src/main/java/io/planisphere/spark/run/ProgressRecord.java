package io.planisphere.spark.run;

import io.planisphere.spark.progress.Progress;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How far a start is, in {@code run.json} while it runs; of one that was killed, how far it came. Repeated tasks count again: the
 * proven counts stand beside it, in {@link RunRecord#status}.
 *
 * @param updated when this was so
 * @param photos rows that this run has made
 * @param errors of these, that are neither ok nor opted out
 * @param status of these, by status code
 * @param bytes of encoded photos
 * @param seconds since photos began to be read
 * @param photosPerSecond over these seconds
 * @param fraction of this run's work, 0 to 1; null where nobody knows
 * @param secondsLeft if it goes on as it went; null where nobody knows
 * @param batch that is being written; negative before the first
 * @param shard that was opened last; empty where photos come by reference
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
