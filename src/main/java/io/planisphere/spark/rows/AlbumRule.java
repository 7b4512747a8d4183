package io.planisphere.spark.rows;

import io.planisphere.spark.evaluate.PhotoKey;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which photos place each other.
 *
 * @param windowSeconds the longest time between two photos that follow each other in one album
 * @param by the columns that photos of an album share
 * @param time the column with the time; null for the usual ones
 * @param metadata the table with these columns; null for what the inputs themselves say
 * @param match how the table names photos; null for how its column is called
 */
public record AlbumRule(
        long windowSeconds,
        List<String> by,
        @Nullable String time,
        @Nullable String metadata,
        @Nullable PhotoKey match) implements Serializable {
    public AlbumRule {
        by = List.copyOf(by);
    }

    Map<String, String> settings() {
        return Map.of("album-window", Duration.ofSeconds(windowSeconds).toString(), "album-by", String.join(",", by));
    }
}
