package io.planisphere.eval;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Average precision: the area under the precision-recall curve as a sum of steps, without interpolation: the precision at each
 * threshold, weighted by the increase in recall. Equal scores pass a threshold together, so their order does not matter. The
 * result equals {@code average_precision_score} of scikit-learn.
 */
public final class AveragePrecision {
    private AveragePrecision() {}

    /**
     * Returns the average precision of scores.
     *
     * @param scores scores, higher for more confident positives; minus infinity without a prediction; no NaN
     * @param positive whether each is a true positive
     * @return average precision, 0 to 1; empty if nothing is positive, because recall is then undefined
     */
    public static OptionalDouble of(double[] scores, boolean[] positive) {
        if (scores.length != positive.length) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "There are %d scores but %d truths", scores.length, positive.length));
        }
        int[] order = Ascending.order(scores);
        long positives = 0;
        for (boolean each : positive) {
            positives += each ? 1 : 0;
        }
        if (positives == 0) {
            return OptionalDouble.empty();
        }
        double area = 0;
        long found = 0;
        int end = order.length;
        while (end > 0) {
            int start = end;
            long gained = 0;
            double threshold = scores[order[end - 1]];
            while (start > 0 && scores[order[start - 1]] == threshold) {
                gained += positive[order[--start]] ? 1 : 0;
            }
            found += gained;
            area += (double) gained / positives * found / (order.length - start);
            end = start;
        }
        return OptionalDouble.of(area);
    }
}
