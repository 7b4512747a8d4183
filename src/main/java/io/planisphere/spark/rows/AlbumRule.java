package io.planisphere.spark.rows;

import io.planisphere.spark.evaluate.PhotoKey;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rule for which photos form an album and so refine each other's predictions.
 *
 * @param windowSeconds longest time between two successive photos of one album
 * @param by columns whose values photos of an album share
 * @param time column with the time; null for the default columns
 * @param metadata table with these columns; null for the metadata of the inputs themselves
 * @param match how the table identifies photos; null to infer it from the name of its column
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
