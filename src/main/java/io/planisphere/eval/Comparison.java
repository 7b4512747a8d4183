package io.planisphere.eval;

import java.util.List;

/**
 * A comparison of two runs over the same photos. All three scores are resampled with the same draws of users, so the difficulty
 * of photos for both runs cancels out in the difference.
 *
 * @param difference first minus second for each figure; NaN if both are infinite
 */
public record Comparison(GeoScore first, GeoScore second, GeoScore difference) {
    /**
     * Compares errors of the same photos.
     *
     * @param users who took each photo
     */
    public static Comparison of(double[] firstKm, double[] secondKm, int[] users) {
        PhotoErrors first = new PhotoErrors(firstKm, users);
        PhotoErrors second = new PhotoErrors(secondKm, users);
        List<Estimate> figures = UserBootstrap.estimates(
                first.users(), draws -> withDifference(first.figures(draws), second.figures(draws)));
        int each = figures.size() / 3;
        return new Comparison(
                GeoScore.of(first, figures.subList(0, each)),
                GeoScore.of(second, figures.subList(each, 2 * each)),
                GeoScore.of(first, figures.subList(2 * each, 3 * each)));
    }

    private static double[] withDifference(double[] first, double[] second) {
        int each = first.length;
        double[] all = new double[3 * each];
        for (int i = 0; i < each; i++) {
            all[i] = first[i];
            all[each + i] = second[i];
            all[2 * each + i] = first[i] - second[i];
        }
        return all;
    }
}
