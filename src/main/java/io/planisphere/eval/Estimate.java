package io.planisphere.eval;

/**
 * A value and its 95 % confidence interval.
 *
 * @param low lower end; NaN, like {@code high}, if there are too few users for an interval
 */
public record Estimate(double value, double low, double high) {
    /** Returns a value without an interval. */
    public static Estimate alone(double value) {
        return new Estimate(value, Double.NaN, Double.NaN);
    }

    public boolean hasInterval() {
        return !Double.isNaN(low);
    }
}
