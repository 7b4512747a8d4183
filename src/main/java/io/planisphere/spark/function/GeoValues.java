package io.planisphere.spark.function;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.CellToken;
import io.planisphere.geo.LatLng;
import io.planisphere.source.InputException;
import java.util.Optional;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * What the functions compute, on values as Spark holds them; public because generated code calls it. What a table may hold by
 * mistake gives null, as Spark users expect; a wrong level is a mistake in the query, and is refused.
 */
public final class GeoValues {
    private GeoValues() {}

    /** Token of the cell that holds the place; null if there is none with these degrees. */
    public static @Nullable UTF8String s2Cell(double latitude, double longitude, int level) {
        requireLevel("s2_cell", level);
        return LatLng.of(latitude, longitude)
                .map(place -> token(place.leaf().parent(level)))
                .orElse(null);
    }

    /** Token of the cell that holds the cell; null if that would be finer, or if there is no cell of this token. */
    public static @Nullable UTF8String s2Parent(UTF8String token, int level) {
        requireLevel("s2_parent", level);
        return CellToken.parse(token.toString())
                .filter(cell -> cell.level() >= level)
                .map(cell -> token(cell.parent(level)))
                .orElse(null);
    }

    /** Kilometres; null unless there are both places. */
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
