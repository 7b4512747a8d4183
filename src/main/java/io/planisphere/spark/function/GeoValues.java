package io.planisphere.spark.function;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.CellToken;
import io.planisphere.geo.LatLng;
import io.planisphere.source.InputException;
import java.util.Optional;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The implementations of the functions, on Spark's internal values; public because generated code calls them. Invalid values in a
 * table result in null, as Spark users expect; an invalid level is an error in the query, and throws.
 */
public final class GeoValues {
    private GeoValues() {}

    /** Returns the token of the cell that contains the place; null if the coordinates are invalid. */
    public static @Nullable UTF8String s2Cell(double latitude, double longitude, int level) {
        requireLevel("s2_cell", level);
        return LatLng.of(latitude, longitude)
                .map(place -> token(place.leaf().parent(level)))
                .orElse(null);
    }

    /** Returns the token of the parent cell at {@code level}; null if that would be finer, or if the token is invalid. */
    public static @Nullable UTF8String s2Parent(UTF8String token, int level) {
        requireLevel("s2_parent", level);
        return CellToken.parse(token.toString())
                .filter(cell -> cell.level() >= level)
                .map(cell -> token(cell.parent(level)))
                .orElse(null);
    }

    /** Returns the distance in kilometres; null unless both places are valid. */
    public static @Nullable Double greatCircleKm(
            double latitude1, double longitude1, double latitude2, double longitude2) {
        Optional<LatLng> from = LatLng.of(latitude1, longitude1);
        Optional<LatLng> to = LatLng.of(latitude2, longitude2);
        return from.isPresent() && to.isPresent() ? from.get().distanceKm(to.get()) : null;
    }

    private static UTF8String token(S2CellId cell) {
        return UTF8String.fromString(cell.toToken());
    }

    private static void requireLevel(String function, int level) {
        if (level < 0 || level > S2CellId.MAX_LEVEL) {
            throw new InputException(function + ": the level must be from 0 to 30, got " + level);
        }
    }
}
