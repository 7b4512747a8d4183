package io.planisphere.eval;

import java.util.Arrays;

/** Positions in the order of values, without an object per value. */
final class Ascending {
    private Ascending() {}

    /** Where the smallest value stands, then the next; equal ones as they stand. No value may be NaN. */
    static int[] order(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int[] taken =
                new int[sorted.length]; // by the first position of a value: how many of its positions are given out
        int[] order = new int[sorted.length];
        for (int i = 0; i < values.length; i++) {
            int first = firstPosition(sorted, values[i]);
            order[first + taken[first]++] = i;
        }
        return order;
    }

    private static int firstPosition(double[] sorted, double value) {
        int low = 0;
        int high = sorted.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
