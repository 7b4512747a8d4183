package io.planisphere.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The score of verification: whether two photos show the same person (or place, or object), decided by the similarity of their
 * feature vectors. VAL and FAR are as in FaceNet (Schroff et al., CVPR 2015, section 4): the share of same pairs, and of
 * different pairs, that a threshold accepts.
 *
 * @param same number of same pairs
 * @param different number of different pairs
 * @param auc area under the curve of VAL over FAR: the probability that a same pair is more similar than a different one, ties
 *     counting half
 * @param val VAL at each of {@link #RATES}, largest rate first
 */
public record VerificationScore(long same, long different, double auc, List<AtRate> val) {
    /** The values of FAR at which VAL is reported. */
    public static final List<Double> RATES = List.of(1e-1, 1e-2, 1e-3);

    public VerificationScore {
        val = List.copyOf(val);
    }

    /**
     * VAL at the lowest threshold that accepts at most a given share of the different pairs. Pairs of equal similarity are
     * accepted together or not at all, without interpolation: with fewer than 1,000 different pairs, none is accepted at 0.001.
     *
     * @param rate FAR, 0 to 1
     * @param threshold minimum similarity of accepted pairs; infinite if none is accepted
     * @param share VAL, 0 to 1, with Wilson's interval
     */
    public record AtRate(double rate, double threshold, Estimate share) {}

    /**
     * Scores pairs.
     *
     * @param similarities similarity of each pair; minus infinity if a photo has no vector; no NaN
     * @param same whether each pair is a same pair
     * @throws IllegalArgumentException if there are not both same and different pairs
     */
    public static VerificationScore of(double[] similarities, boolean[] same) {
        if (similarities.length != same.length) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "There are %d similarities but %d truths", similarities.length, same.length));
        }
        long positives = 0;
        for (boolean each : same) {
            positives += each ? 1 : 0;
        }
        long negatives = same.length - positives;
        if (positives == 0 || negatives == 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "Verification needs pairs that show the same and pairs that do not; there are %d and %d",
                    positives,
                    negatives));
        }
        int[] order = Ascending.order(similarities);
        double[] thresholds = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
        long[] accepted = new long[RATES.size()];
        double area = 0;
        long right = 0;
        long wrong = 0;
        int end = order.length;
        while (end > 0) {
            double threshold = similarities[order[end - 1]];
            long before = right;
            long wrongBefore = wrong;
            while (end > 0 && similarities[order[end - 1]] == threshold) {
                if (same[order[--end]]) {
                    right++;
                } else {
                    wrong++;
                }
            }
            area += (wrong - wrongBefore) * (right + before) / 2.0;
            for (int i = 0; i < accepted.length; i++) {
                // a pair without vectors is never accepted
                if (threshold > Double.NEGATIVE_INFINITY && (double) wrong / negatives <= RATES.get(i)) {
                    accepted[i] = right;
                    thresholds[i] = threshold;
                }
            }
        }
        List<AtRate> val = new ArrayList<>();
        for (int i = 0; i < accepted.length; i++) {
            val.add(new AtRate(RATES.get(i), thresholds[i], Wilson.share(accepted[i], positives)));
        }
        return new VerificationScore(positives, negatives, area / positives / negatives, val);
    }
}
