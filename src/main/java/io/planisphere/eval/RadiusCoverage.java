package io.planisphere.eval;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The shares of photos whose error is at most a radius of their row; empty if no row has a place and that radius.
 *
 * @param radius share within the radius that is to hold half of the photos
 * @param radius90 share within the radius that is to hold 90 % of them
 */
public record RadiusCoverage(Optional<Estimate> radius, Optional<Estimate> radius90) {
    static RadiusCoverage of(PlacedPhotos photos) {
        return of(photos, IntStream.range(0, photos.count()).toArray());
    }

    /** @param members positions of some of the photos */
    static RadiusCoverage of(PlacedPhotos photos, int[] members) {
        return new RadiusCoverage(
                share(photos, members, photos.radiusKm()), share(photos, members, photos.radius90Km()));
    }

    private static Optional<Estimate> share(PlacedPhotos photos, int[] members, float[] radius) {
        double[] error = photos.errorKm();
        int[] claimed = Arrays.stream(members)
                .filter(i -> Double.isFinite(error[i]) && !Float.isNaN(radius[i]))
                .toArray();
        return claimed.length == 0
                ? Optional.empty()
                : Optional.of(Share.of(claimed, i -> error[i] <= radius[i], photos.user()));
    }
}
