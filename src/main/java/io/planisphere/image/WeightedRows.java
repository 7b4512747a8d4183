package io.planisphere.image;

import java.util.Arrays;

/**
 * Computes sums of whole weighted rows in fixed point, the form of the loop that the JIT vectorises with SIMD. Up to four rows
 * are added in one pass, because a pass is limited by memory rather than arithmetic.
 */
final class WeightedRows {
    private static final int HALF = 1 << (Taps.PRECISION - 1);

    private WeightedRows() {}

    /**
     * Computes the sum of one output, rounded to integers; it may be outside 0 to 255.
     *
     * @param inputs rows; row i is at index i modulo their number
     * @param count number of values per row
     */
    static void sum(int[][] inputs, Taps taps, int output, int[] sum, int count) {
        int first = taps.first(output);
        int most = taps.count(output);
        if (most == 0) {
            Arrays.fill(sum, 0, count, 0); // outside the photo
        }
        if (most == 4) {
            four(
                    row(inputs, first),
                    taps.weight(output, 0),
                    row(inputs, first + 1),
                    taps.weight(output, 1),
                    row(inputs, first + 2),
                    taps.weight(output, 2),
                    row(inputs, first + 3),
                    taps.weight(output, 3),
                    sum,
                    count);
            return;
        }
        for (int k = 0; k < most; k += 3) {
            int left = most - k;
            int[] a = row(inputs, first + k);
            int[] b = left > 1 ? row(inputs, first + k + 1) : a;
            int[] c = left > 2 ? row(inputs, first + k + 2) : a;
            int wa = taps.weight(output, k);
            int wb = left > 1 ? taps.weight(output, k + 1) : 0;
            int wc = left > 2 ? taps.weight(output, k + 2) : 0;
            if (k == 0 && left <= 3) {
                three(a, wa, b, wb, c, wc, sum, count);
            } else if (k == 0) {
                begin(a, wa, b, wb, c, wc, sum, count);
            } else if (left > 3) {
                more(a, wa, b, wb, c, wc, sum, count);
            } else {
                end(a, wa, b, wb, c, wc, sum, count);
            }
        }
    }

    private static int[] row(int[][] inputs, int i) {
        return inputs[i % inputs.length];
    }

    private static void three(int[] a, int wa, int[] b, int wb, int[] c, int wc, int[] sum, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] = (HALF + a[i] * wa + b[i] * wb + c[i] * wc) >> Taps.PRECISION;
        }
    }

    private static void four(int[] a, int wa, int[] b, int wb, int[] c, int wc, int[] d, int wd, int[] sum, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] = (HALF + a[i] * wa + b[i] * wb + c[i] * wc + d[i] * wd) >> Taps.PRECISION;
        }
    }

    private static void begin(int[] a, int wa, int[] b, int wb, int[] c, int wc, int[] sum, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] = HALF + a[i] * wa + b[i] * wb + c[i] * wc;
        }
    }

    private static void more(int[] a, int wa, int[] b, int wb, int[] c, int wc, int[] sum, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] += a[i] * wa + b[i] * wb + c[i] * wc;
        }
    }

    private static void end(int[] a, int wa, int[] b, int wb, int[] c, int wc, int[] sum, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] = (sum[i] + a[i] * wa + b[i] * wb + c[i] * wc) >> Taps.PRECISION;
        }
    }
}
