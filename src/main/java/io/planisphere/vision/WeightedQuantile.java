package io.planisphere.vision;

/** Weighted quantiles by quickselect, which take microseconds for tens of thousands of cells, without sorting. */
final class WeightedQuantile {
    private WeightedQuantile() {}

    /**
     * Returns the smallest value such that it and the values below it have at least this share of the weight.
     *
     * @param weights non-negative weights, one per value; not changed
     * @param share from above 0 to 1
     */
    static double of(float[] values, float[] weights, double share) {
        double total = 0;
        for (float weight : weights) {
            total += weight;
        }
        int[] order = new int[values.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        double wanted = total * share;
        int from = 0;
        int to = order.length;
        while (to - from > 1) {
            float pivot = values[order[(from + to) >>> 1]];
            int below = from; // [from, below) is below the pivot, [below, at) equals it, [above, to) is above it
            int above = to;
            double weightBelow = 0;
            double weightEqual = 0;
            int at = from;
            while (at < above) {
                int index = order[at];
                if (values[index] < pivot) {
                    weightBelow += weights[index];
                    order[at++] = order[below];
                    order[below++] = index;
                } else if (values[index] > pivot) {
                    order[at] = order[--above];
                    order[above] = index;
                } else {
                    weightEqual += weights[index];
                    at++;
                }
            }
            if (weightBelow >= wanted && below > from) {
                to = below;
            } else if (weightBelow + weightEqual >= wanted || above == to) {
                return pivot;
            } else {
                wanted -= weightBelow + weightEqual;
                from = above;
            }
        }
        return values[order[from]];
    }
}
