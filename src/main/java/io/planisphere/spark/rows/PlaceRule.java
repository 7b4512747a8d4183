package io.planisphere.spark.rows;

import io.planisphere.image.Crop;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a row of {@code locate} may say, and from how many crops.
 *
 * @param topK cells per row
 * @param levelLimit no finer S2 cell, and no finer place than its centre; null for no limit
 * @param minConfidence 0 to 1; with less, a row names no place
 * @param cropCount one of {@link Crop#COUNTS}
 */
public record PlaceRule(int topK, @Nullable Integer levelLimit, double minConfidence, int cropCount)
        implements Serializable {
    /** Cells per row, unless asked otherwise. */
    public static final int TOP_K = 5;

    /** What {@code locate} does unless asked otherwise: five cells, no limits, the centre crop. */
    public static final PlaceRule DEFAULT = new PlaceRule(TOP_K, null, 0, 1);

    /** The finest level that a row may name; empty for no limit. */
    public OptionalInt finestLevel() {
        return levelLimit == null ? OptionalInt.empty() : OptionalInt.of(levelLimit);
    }

    List<Crop> crops() {
        return Crop.first(cropCount);
    }

    /** By option; those that are not in force are absent. */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("top-k", Integer.toString(topK));
        finestLevel().ifPresent(level -> settings.put("finest-level", Integer.toString(level)));
        if (minConfidence > 0) {
            settings.put("min-confidence", Double.toString(minConfidence));
        }
        if (cropCount > 1) {
            settings.put("crops", Integer.toString(cropCount));
        }
        return settings;
    }
}
