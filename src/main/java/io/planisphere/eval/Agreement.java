package io.planisphere.eval;

import java.util.List;

/**
 * The agreement of a network's predictions with those of a reference network, regardless of the truth.
 *
 * @param photos photos with predictions of both
 * @param withoutPrediction photos without a prediction of one of them
 * @param first share of photos with the same top prediction
 * @param among share of photos where the reference's top prediction is among the other's top five
 */
public record Agreement(long photos, long withoutPrediction, Estimate first, Estimate among) {

    /**
     * Compares predictions.
     *
     * @param reference predictions for each photo, most probable first; empty if there are none
     * @param other predictions for the same photos
     * @throws IllegalArgumentException if there is no photo with predictions of both
     */
    public static Agreement of(List<List<String>> reference, List<List<String>> other) {
        long photos = 0;
        long first = 0;
        long among = 0;
        for (int i = 0; i < Math.min(reference.size(), other.size()); i++) {
            if (reference.get(i).isEmpty() || other.get(i).isEmpty()) {
                continue;
            }
            String best = reference.get(i).get(0);
            photos++;
            first += best.equals(other.get(i).get(0)) ? 1 : 0;
            among += other.get(i).contains(best) ? 1 : 0;
        }
        long all = Math.max(reference.size(), other.size());
        return new Agreement(photos, all - photos, Wilson.share(first, photos), Wilson.share(among, photos));
    }
}
