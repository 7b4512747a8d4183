package io.planisphere.eval;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The score of predicted places, as reported by geolocation papers since PlaNet (Weyand et al., ECCV 2016, section 4): the median
 * and mean error, and the share of photos within the radii of {@link #RADII_KM}. Intervals contain the middle 95 % of values when
 * users are resampled ({@link UserBootstrap}).
 *
 * @param n number of photos
 * @param users number of users who took them
 * @param medianKm median error; infinite if half of the photos have no prediction
 * @param meanKm mean error; infinite if any photo has no prediction
 * @param within shares by ascending radius
 */
public record GeoScore(int n, int users, Estimate medianKm, Estimate meanKm, List<Within> within) {
    /** Street, city, region, country, continent. */
    public static final List<Integer> RADII_KM = List.of(1, 25, 200, 750, 2500);

    public GeoScore {
        within = List.copyOf(within);
    }

    /** The share of photos, 0 to 1, whose error is at most {@code radiusKm}. */
    public record Within(int radiusKm, Estimate share) {}

    /**
     * Scores errors. A million photos of a million users take some ten seconds on one core; fewer users take less.
     *
     * @param errorsKm errors; infinite for a photo without a prediction, which is within no radius
     * @param users user of each photo
     * @throws IllegalArgumentException if there are none
     */
    public static GeoScore of(double[] errorsKm, int[] users) {
        PhotoErrors errors = new PhotoErrors(errorsKm, users);
        return of(errors, UserBootstrap.estimates(errors.users(), errors::figures));
    }

    /** Scores errors like {@link #of(double[], int[])}, but without intervals if there are too few users. */
    static GeoScore ofGroup(double[] errorsKm, int[] users) {
        PhotoErrors errors = new PhotoErrors(errorsKm, users);
        return of(errors, UserBootstrap.estimatesIfEnough(errors.users(), errors::figures));
    }

    /** @param figures estimates in the order of {@link PhotoErrors#figures} */
    static GeoScore of(PhotoErrors errors, List<Estimate> figures) {
        return new GeoScore(
                errors.photos(),
                errors.users(),
                figures.get(0),
                figures.get(1),
                IntStream.range(0, RADII_KM.size())
                        .mapToObj(i -> new Within(RADII_KM.get(i), figures.get(2 + i)))
                        .toList());
    }
}
