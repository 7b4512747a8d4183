package io.planisphere.infer;

import io.planisphere.model.ModelPackage;
import java.util.Arrays;
import java.util.List;

/**
 * How long two networks take for a photo, in one thread, in turns, so that whatever else the machine does slows both.
 *
 * @param firstMillis median of a call with one photo
 * @param secondMillis the same of the other network
 */
public record Speed(double firstMillis, double secondMillis) {
    private static final int TURNS = 60;
    private static final int WARM_UP = 10;
    private static final double MILLIS_PER_NANO = 1e-6;

    /**
     * Runs both.
     *
     * @param outputs names of what both answer with
     */
    public static Speed of(ModelPackage one, ModelPackage other, List<String> outputs) {
        double[] mine = new double[TURNS];
        double[] theirs = new double[TURNS];
        try (Session first = Session.open(one, 1);
                Session second = Session.open(other, 1);
                Inference left = first.newInference(outputs, 1, 1);
                Inference right = second.newInference(outputs, 1, 1)) {
            for (int turn = -WARM_UP; turn < TURNS; turn++) {
                double leftMillis = millis(left);
                double rightMillis = millis(right);
                if (turn >= 0) {
                    mine[turn] = leftMillis;
                    theirs[turn] = rightMillis;
                }
            }
        }
        return new Speed(median(mine), median(theirs));
    }

    private static double millis(Inference inference) {
        long start = System.nanoTime();
        inference.run(1);
        return (System.nanoTime() - start) * MILLIS_PER_NANO;
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    /** How many times as fast the second is. */
    public double ratio() {
        return firstMillis / secondMillis;
    }
}
