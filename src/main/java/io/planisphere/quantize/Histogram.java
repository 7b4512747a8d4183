package io.planisphere.quantize;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A histogram with bins of equal width over {@code [-reach, reach)}. The reach is a power of two that doubles when a value is
 * beyond it, which merges each two bins into one; so the sum of histograms equals the histogram of all values together.
 */
final class Histogram implements Serializable {
    private static final long serialVersionUID = 1L;
    /** Bins on each side of zero; at least 2,048 of them cover the larger side of the values. */
    private static final int HALF = 4096;

    private static final int LEAST_EXPONENT = -40;

    private final long[] counts = new long[2 * HALF];
    private int exponent = LEAST_EXPONENT;
    private double binsPerUnit = HALF / Math.scalb(1.0, LEAST_EXPONENT);
    private long total;
    private float least = Float.POSITIVE_INFINITY;
    private float most = Float.NEGATIVE_INFINITY;

    /** Counts the values. */
    void add(float[] values, int from, int to) {
        float low = least;
        float high = most;
        for (int i = from; i < to; i++) {
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        least = low;
        most = high;
        growTo(Math.max(Math.abs((double) low), Math.abs((double) high)));
        double perUnit = binsPerUnit;
        for (int i = from; i < to; i++) {
            counts[(int) (values[i] * perUnit + HALF)]++; // never negative, so the cast rounds down
        }
        total += to - from;
    }

    /** Adds another histogram. */
    void add(Histogram other) {
        if (other.total == 0) {
            return;
        }
        growTo(reachOf(other.exponent) * 0.75);
        Histogram same = other.exponent == exponent ? other : other.grownTo(exponent);
        for (int i = 0; i < counts.length; i++) {
            counts[i] += same.counts[i];
        }
        total += other.total;
        least = Math.min(least, other.least);
        most = Math.max(most, other.most);
    }

    private Histogram grownTo(int wanted) {
        Histogram grown = new Histogram();
        System.arraycopy(counts, 0, grown.counts, 0, counts.length);
        grown.exponent = exponent;
        while (grown.exponent < wanted) {
            grown.halve();
        }
        return grown;
    }

    private void growTo(double value) {
        while (value >= reachOf(exponent)) {
            if (total == 0) {
                exponent++;
            } else {
                halve();
            }
        }
        binsPerUnit = HALF / reachOf(exponent);
    }

    private void halve() {
        long[] merged = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            merged[HALF / 2 + i / 2] += counts[i];
        }
        System.arraycopy(merged, 0, counts, 0, counts.length);
        exponent++;
    }

    private static double reachOf(int exponent) {
        return Math.scalb(1.0, exponent);
    }

    long total() {
        return total;
    }

    /** Returns the range from the smallest value to the largest. */
    Range whole() {
        return new Range(least, most);
    }

    /** Returns the range that excludes the given share of the values, half of them on either side. */
    Range within(double share) {
        long outside = (long) (total * (1 - share) / 2);
        int low = 0;
        for (long seen = counts[low]; seen <= outside; seen += counts[low]) {
            low++;
        }
        int high = counts.length - 1;
        for (long seen = counts[high]; seen <= outside; seen += counts[high]) {
            high--;
        }
        return new Range(Math.max(least, edge(low)), Math.min(most, edge(high + 1)));
    }

    private double edge(int bin) {
        return (bin - HALF) / binsPerUnit;
    }

    /** Returns the bins of a range, with values outside added to the first and the last bin. */
    double[] clipped(Range range) {
        int from = bin(range.low());
        int to = bin(range.high());
        double[] kept = new double[to - from + 1];
        for (int i = 0; i < counts.length; i++) {
            kept[Math.min(Math.max(i, from), to) - from] += counts[i];
        }
        return kept;
    }

    /** Returns the bins of a range, without values outside. */
    double[] inside(Range range) {
        int from = bin(range.low());
        return Arrays.stream(counts, from, bin(range.high()) + 1)
                .asDoubleStream()
                .toArray();
    }

    private int bin(double value) {
        return Math.min(Math.max((int) Math.floor(value * binsPerUnit) + HALF, 0), counts.length - 1);
    }
}
