package io.planisphere.eval;

import java.util.Arrays;

/** Sorts positions by value, without an object per value. */
final class Ascending {
    private Ascending() {}

    /** Returns the positions of the values in ascending order; equal values keep their order. No value may be NaN. */
    static int[] order(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int[] taken =
                new int[sorted.length]; // by the first position of a value: the number of its positions assigned so far
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
