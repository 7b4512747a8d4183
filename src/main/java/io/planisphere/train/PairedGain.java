package io.planisphere.train;

import java.util.HashMap;
import java.util.Map;

/** The mean gain of one way to place photos over another, on the same photos. */
final class PairedGain {
    // standard errors; a normal variable exceeds them once in 700 times, and the best of several candidates is taken
    private static final double BEYOND_CHANCE = 3;

    /** Minimum number of users for a fit; with fewer, an interval of the gain and a quantile of 90 % say little. */
    static final int LEAST_USERS = 20;

    private PairedGain() {}

    /** Returns ln(1 + before) − ln(1 + after), errors in kilometres: a halved error counts alike at all scales. */
    static double of(double beforeKm, double afterKm) {
        return Math.log1p(beforeKm) - Math.log1p(afterKm);
    }

    /**
     * Returns the mean gain; 0 if it may be chance: below three standard errors, photos being clustered by user, or of too few
     * users.
     *
     * @param gains gain of each photo
     * @param users user of each photo
     */
    static double beyondChance(double[] gains, long[] users) {
        Map<Long, double[]> byUser = new HashMap<>();
        double sum = 0;
        for (int i = 0; i < gains.length; i++) {
            double[] user = byUser.computeIfAbsent(users[i], unknown -> new double[2]);
            user[0] += gains[i];
            user[1]++;
            sum += gains[i];
        }
        double mean = sum / gains.length;
        double squares = byUser.values().stream()
                .mapToDouble(user -> Math.pow(user[0] - mean * user[1], 2))
                .sum();
        int n = byUser.size();
        if (n < LEAST_USERS) {
            return 0;
        }
        double error = Math.sqrt(squares * n / (n - 1)) / gains.length;
        return mean > BEYOND_CHANCE * error ? mean : 0;
    }
}
