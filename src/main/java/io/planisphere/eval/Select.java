package io.planisphere.eval;

import java.util.Arrays;

/** Selects values by position. */
final class Select {
    private Select() {}

    static double[] from(double[] values, int[] positions) {
        return Arrays.stream(positions).mapToDouble(i -> values[i]).toArray();
    }

    static int[] from(int[] values, int[] positions) {
        return Arrays.stream(positions).map(i -> values[i]).toArray();
    }
}
