package io.planisphere.gallery;

import io.planisphere.geo.LatLng;
import io.planisphere.geo.SphericalMean;
import java.util.Optional;

/**
 * The rule by which a photo's nearest neighbours decide on its place: the nearest one is similar enough, and more than half of
 * the neighbours are near it. The place is the mean of these.
 *
 * @param neighbours number of neighbours that are asked, from 1
 * @param withinKm distance from the nearest neighbour within which another one agrees
 * @param minSimilarity least similarity of the nearest neighbour
 */
public record Consensus(int neighbours, double withinKm, double minSimilarity) {
    /** Returns the place that the neighbours agree on; empty if they are too far from the photo or from each other. */
    public Optional<LatLng> place(Found found) {
        int asked = Math.min(neighbours, found.size());
        if (asked == 0 || found.similarities()[0] < minSimilarity) {
            return Optional.empty();
        }
        LatLng nearest = found.place(0);
        SphericalMean sum = SphericalMean.of(nearest);
        int agreeing = 1;
        for (int i = 1; i < asked; i++) {
            LatLng place = found.place(i);
            if (place.distanceKm(nearest) <= withinKm) {
                sum = sum.plus(SphericalMean.of(place));
                agreeing++;
            }
        }
        return 2 * agreeing > asked ? sum.place() : Optional.empty();
    }
}
