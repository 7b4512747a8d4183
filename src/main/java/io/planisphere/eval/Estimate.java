package io.planisphere.eval;

/**
 * A figure and its 95 % interval.
 *
 * @param low NaN, as {@code high}, where too few users stand behind the figure to give an interval
 */
public record Estimate(double value, double low, double high) {
    /** A figure without an interval. */
    public static Estimate alone(double value) {
        return new Estimate(value, Double.NaN, Double.NaN);
    }

    public boolean hasInterval() {
        return !Double.isNaN(low);
    }
}
