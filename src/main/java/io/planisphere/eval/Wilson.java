package io.planisphere.eval;

import java.util.Locale;

/**
 * Shares with Wilson's 95 % score interval (Journal of the American Statistical Association 22, 1927): it is never outside 0 to
 * 1, and has a positive width even if the share is exactly 0 or 1. It assumes that photos are independent.
 */
final class Wilson {
    private static final double Z = 1.959963984540054; // the 97.5th percentile of the normal distribution

    private Wilson() {}

    /** Returns the share of {@code hits} in {@code n}, 0 to 1. */
    static Estimate share(long hits, long n) {
        if (n < 1 || hits < 0 || hits > n) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "Cannot take a share of %d in %d", hits, n));
        }
        double share = (double) hits / n;
        double weight = Z * Z / n;
        double middle = share + weight / 2;
        double half = Z * Math.sqrt((share * (1 - share) + weight / 4) / n);
        // at 0 and 1 the bound equals the share, up to rounding
        double low = hits == 0 ? 0 : (middle - half) / (1 + weight);
        double high = hits == n ? 1 : (middle + half) / (1 + weight);
        return new Estimate(share, low, high);
    }
}
