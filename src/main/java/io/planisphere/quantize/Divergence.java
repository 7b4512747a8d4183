package io.planisphere.quantize;

/** The Kullback-Leibler divergence between an activation and its quantisation to 256 steps. */
final class Divergence {
    private static final int STEPS = 256;
    /** Number of ranges to try: from the whole range down to three tenths of it, in hundredths. */
    private static final int TRIALS = 70;

    private Divergence() {}

    static Range leastFor(Histogram histogram) {
        Range whole = histogram.whole().withZero();
        Range best = whole;
        double least = Double.POSITIVE_INFINITY;
        for (int trial = 0; trial <= TRIALS; trial++) {
            // the same bound on both sides of zero, so that an outlier on one side does not affect the other
            double bound = Math.max(-whole.low(), whole.high()) * (1 - trial / 100.0);
            Range range = new Range(Math.max(whole.low(), -bound), Math.min(whole.high(), bound));
            double divergence = of(histogram.clipped(range), histogram.inside(range));
            if (divergence < least) {
                least = divergence;
                best = range;
            }
        }
        return best;
    }

    /**
     * @param clipped counts with clipped values added to the outermost bins
     * @param inside counts without clipped values, from which the steps are computed
     */
    private static double of(double[] clipped, double[] inside) {
        double[] stepped = stepped(inside);
        double all = sum(clipped);
        double kept = sum(stepped);
        double divergence = 0;
        for (int i = 0; i < clipped.length; i++) {
            if (clipped[i] > 0) {
                // a bin without a count in the steps counts as a thousandth of a value
                double q = Math.max(stepped[i], 1e-3) / kept;
                divergence += clipped[i] / all * Math.log(clipped[i] / all / q);
            }
        }
        return divergence;
    }

    /** Spreads each step's count evenly over those of its bins that have any. */
    private static double[] stepped(double[] bins) {
        double[] stepped = new double[bins.length];
        for (int step = 0; step < STEPS; step++) {
            int from = (int) ((long) step * bins.length / STEPS);
            int to = (int) ((long) (step + 1) * bins.length / STEPS);
            double sum = 0;
            int filled = 0;
            for (int i = from; i < to; i++) {
                sum += bins[i];
                filled += bins[i] > 0 ? 1 : 0;
            }
            for (int i = from; i < to; i++) {
                stepped[i] = bins[i] > 0 ? sum / filled : 0;
            }
        }
        return stepped;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
