package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/** Places for property tests: anywhere, with clusters where the arithmetic is delicate, and with repeated places. */
public final class Places implements ArbitrarySupplier<LatLng> {
    private static final double CROWD_DEGREES = 0.01;

    @Override
    public Arbitrary<LatLng> get() {
        Arbitrary<LatLng> anywhere = Combinators.combine(
                        Arbitraries.doubles().between(-90, 90),
                        Arbitraries.doubles().between(-180, 180))
                .as(LatLng::new);
        // the date line, the poles, corners of S2 faces, a city
        Arbitrary<LatLng> crowds = Combinators.combine(
                        Arbitraries.of(
                                new LatLng(0, 179.995),
                                new LatLng(-17, -179.995),
                                new LatLng(89.99, 0),
                                new LatLng(-89.99, 120),
                                new LatLng(35.264, 45),
                                new LatLng(0, 45),
                                new LatLng(40.71, -74)),
                        Arbitraries.doubles().between(-CROWD_DEGREES, CROWD_DEGREES),
                        Arbitraries.doubles().between(-CROWD_DEGREES, CROWD_DEGREES))
                .as((centre, north, east) -> new LatLng(
                        Math.max(-90, Math.min(90, centre.latitude() + north)),
                        Math.max(-180, Math.min(180, centre.longitude() + east))));
        Arbitrary<LatLng> again = Arbitraries.of(new LatLng(51.5, -0.12), new LatLng(0, 180), new LatLng(90, 0));
        return Arbitraries.oneOf(anywhere, crowds, again);
    }

    /** Counts the places per cell, one by one. */
    static Map<S2CellId, SphericalMean> count(List<LatLng> places, int level, Collection<S2CellId> cells) {
        Map<S2CellId, SphericalMean> sums = new HashMap<>();
        cells.forEach(cell -> sums.put(cell, SphericalMean.NONE));
        for (LatLng place : places) {
            sums.computeIfPresent(place.leaf().parent(level), (cell, before) -> before.plus(SphericalMean.of(place)));
        }
        return sums;
    }

    /** Lists of up to 300 places. */
    public static final class Lists implements ArbitrarySupplier<List<LatLng>> {
        @Override
        public Arbitrary<List<LatLng>> get() {
            return new Places().get().list().ofMaxSize(300);
        }
    }
}
