package io.planisphere.eval;

import java.util.List;

/**
 * How far a network answers as another one does, whatever the truth.
 *
 * @param photos that both answered
 * @param unanswered photos that one of them did not
 * @param first share of photos with the same likeliest answer
 * @param among share of photos where the reference's likeliest answer is among the other's likeliest five
 */
public record Agreement(long photos, long unanswered, Estimate first, Estimate among) {

    /**
     * Compares answers.
     *
     * @param reference for each photo the answers, the likeliest first; none for no answer
     * @param other of the same photos
     * @throws IllegalArgumentException if there is no photo that both answered
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
