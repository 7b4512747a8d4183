package io.planisphere.spark.rows;

import io.planisphere.image.Crop;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The limits on places in a row of {@code locate}, and the number of crops.
 *
 * @param topK cells per row
 * @param levelLimit finest S2 level of cells and places, a place being the centre of its cell; null for no limit
 * @param minConfidence minimum confidence for a row with a place, 0 to 1
 * @param cropCount one of {@link Crop#COUNTS}
 */
public record PlaceRule(int topK, @Nullable Integer levelLimit, double minConfidence, int cropCount)
        implements Serializable {
    /** Default number of cells per row. */
    public static final int TOP_K = 5;

    /** The defaults of {@code locate}: five cells, no limits, the centre crop. */
    public static final PlaceRule DEFAULT = new PlaceRule(TOP_K, null, 0, 1);

    /** Returns the finest level of a row's cells; empty for no limit. */
    public OptionalInt finestLevel() {
        return levelLimit == null ? OptionalInt.empty() : OptionalInt.of(levelLimit);
    }

    List<Crop> crops() {
        return Crop.first(cropCount);
    }

    /** Returns the settings by option, without those that have no effect. */
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
