package io.planisphere.eval;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How far predicted places are from the true ones, as geolocation papers report it since PlaNet (Weyand et al., ECCV 2016,
 * section 4): the median and mean error, and the share of photos within the radii of {@link #RADII_KM}. Intervals hold the
 * middle 95 % of what resampling users gives ({@link UserBootstrap}).
 *
 * @param n photos
 * @param users who took them
 * @param medianKm infinite if half of the photos have no answer
 * @param meanKm infinite if any photo has no answer
 * @param within by ascending radius
 */
public record GeoScore(int n, int users, Estimate medianKm, Estimate meanKm, List<Within> within) {
    /** Street, city, region, country, continent. */
    public static final List<Integer> RADII_KM = List.of(1, 25, 200, 750, 2500);

    public GeoScore {
        within = List.copyOf(within);
    }

    /** Share of the photos, 0 to 1, whose error is at most {@code radiusKm}. */
    public record Within(int radiusKm, Estimate share) {}

    /**
     * Scores errors. A million photos of a million users take some ten seconds of one core, fewer users less.
     *
     * @param errorsKm infinite for a photo without an answer, which is within no radius
     * @param users who took each photo
     * @throws IllegalArgumentException if there are none
     */
    public static GeoScore of(double[] errorsKm, int[] users) {
        PhotoErrors errors = new PhotoErrors(errorsKm, users);
        return of(errors, UserBootstrap.estimates(errors.users(), errors::figures));
    }

    /** As {@link #of(double[], int[])}, but without intervals where users are too few for them. */
    static GeoScore ofGroup(double[] errorsKm, int[] users) {
        PhotoErrors errors = new PhotoErrors(errorsKm, users);
        return of(errors, UserBootstrap.estimatesIfEnough(errors.users(), errors::figures));
    }

    /** @param figures in the order of {@link PhotoErrors#figures} */
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
