package io.planisphere.eval;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How far predicted places are from the true ones, as geolocation papers report it since PlaNet (Weyand et al., ECCV 2016,
 * section 4): the median error, and the share of photos within the radii of {@link #RADII_KM}.
 *
 * @param n photos
 * @param medianKm infinite if half of the photos have no prediction
 * @param within by ascending radius
 */
public record GeoScore(int n, Estimate medianKm, List<Within> within) {
    /** Street, city, region, country, continent. */
    public static final List<Integer> RADII_KM = List.of(1, 25, 200, 750, 2500);

    private static final int RESAMPLES = 1000;
    private static final double TAIL = 0.025;
    // fixed, so that the same errors give the same intervals
    private static final long SEED = 2016;

    public GeoScore {
        within = List.copyOf(within);
    }

    /**
     * A figure and its 95 % interval: the middle 95 % of what 1,000 resamples of the photos give (percentile bootstrap).
     * It speaks of photos that are drawn one by one; photos of one user are not, and make it too narrow.
     */
    public record Estimate(double value, double low, double high) {}

    /** Share of the photos, 0 to 1, whose error is at most {@code radiusKm}. */
    public record Within(int radiusKm, Estimate share) {}

    /**
     * Scores errors in kilometres; infinite for a photo without prediction, which is within no radius. Takes 12 bytes and
     * about 10 µs per photo.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static GeoScore of(double[] errorsKm) {
        if (errorsKm.length == 0) {
            throw new IllegalArgumentException("There must be at least one photo to score");
        }
        double[] sorted = errorsKm.clone();
        Arrays.sort(sorted); // a resample is then a count per photo, and its median found by counting
        int[] once = new int[sorted.length];
        Arrays.fill(once, 1);
        double[] figures = figures(sorted, once);

        double[][] resampled = new double[figures.length][RESAMPLES];
        SplittableRandom random = new SplittableRandom(SEED);
        int[] counts = new int[sorted.length];
        for (int i = 0; i < RESAMPLES; i++) {
            Arrays.fill(counts, 0);
            for (int draw = 0; draw < counts.length; draw++) {
                counts[random.nextInt(counts.length)]++;
            }
            double[] ofResample = figures(sorted, counts);
            for (int figure = 0; figure < figures.length; figure++) {
                resampled[figure][i] = ofResample[figure];
            }
        }
        List<Within> within = IntStream.range(0, RADII_KM.size())
                .mapToObj(i -> new Within(RADII_KM.get(i), estimate(figures[i + 1], resampled[i + 1])))
                .toList();
        return new GeoScore(sorted.length, estimate(figures[0], resampled[0]), within);
    }

    /** The median, then the share within each radius, of errors that occur {@code counts} times. */
    private static double[] figures(double[] sorted, int[] counts) {
        double[] figures = new double[1 + RADII_KM.size()];
        long seen = 0;
        int radius = 0;
        double lower = Double.NaN;
        double upper = Double.NaN;
        for (int i = 0; i < sorted.length; i++) {
            while (radius < RADII_KM.size() && sorted[i] > RADII_KM.get(radius)) {
                figures[++radius] = (double) seen / sorted.length;
            }
            long before = seen;
            seen += counts[i];
            lower = before <= (sorted.length - 1) / 2 ? sorted[i] : lower;
            upper = before <= sorted.length / 2 ? sorted[i] : upper;
        }
        while (radius < RADII_KM.size()) {
            figures[++radius] = (double) seen / sorted.length;
        }
        figures[0] = (lower + upper) / 2;
        return figures;
    }

    private static Estimate estimate(double value, double[] resampled) {
        Arrays.sort(resampled);
        int low = (int) Math.ceil(TAIL * RESAMPLES) - 1;
        return new Estimate(value, resampled[low], resampled[RESAMPLES - 1 - low]);
    }
}
