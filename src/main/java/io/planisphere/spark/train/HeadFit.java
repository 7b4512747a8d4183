package io.planisphere.spark.train;

import io.planisphere.geo.LatLng;
import io.planisphere.train.KeptClasses;
import io.planisphere.train.SoftmaxHead;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;

/**
 * Fits a head with MLlib's multinomial logistic regression, which minimises the weighted mean of the cross-entropy plus {@code
 * regularization} / 2 · ‖β‖², where β are the weights, without the bias, of features scaled to unit standard deviation.
 *
 * @param maxIterations maximum number of iterations of L-BFGS
 * @param smoothing distance in km over which a photo counts for other cells than its own, see {@link SmoothFit}; empty for its
 *     own alone
 */
public record HeadFit(ClassWeights classWeights, double regularization, int maxIterations, OptionalDouble smoothing) {
    /** A quarter of the Earth's circumference, in km. */
    private static final int MOST_SMOOTHING = 10_000;

    /** The weight of a photo in the loss. */
    public enum ClassWeights {
        /** The same for every photo. */
        NONE,
        /** Inverse to the number of photos in its class, so that every class has the same total weight. */
        BALANCED
    }

    public HeadFit {
        if (smoothing.isPresent() && !(smoothing.getAsDouble() > 0 && smoothing.getAsDouble() <= MOST_SMOOTHING)) {
            throw new IllegalArgumentException(
                    "Smoothing must be above 0 km, and at most " + MOST_SMOOTHING + ", got " + smoothing.getAsDouble());
        }
        if (!(regularization >= 0) || Double.isInfinite(regularization)) {
            throw new IllegalArgumentException("Regularisation must be at least 0, got " + regularization);
        }
        if (maxIterations < 1) {
            throw new IllegalArgumentException("There must be at least 1 iteration, got " + maxIterations);
        }
    }

    /**
     * Fits the head with this index.
     *
     * @param means mean places of the kept classes; empty for labels, which cannot be smoothed
     */
    FittedHead fit(Examples examples, int head, KeptClasses kept, List<LatLng> means) {
        if (smoothing.isPresent()) {
            return new SmoothFit(regularization, maxIterations, smoothing.getAsDouble())
                    .fit(examples, head, kept, weights(kept), means);
        }
        long start = System.nanoTime();
        LogisticRegressionModel model = regression().fit(examples.toFit(head, kept, weights(kept)));
        double[] objectives = model.summary().objectiveHistory();
        return new FittedHead(
                headOf(model),
                kept,
                objectives.length - 1,
                objectives[objectives.length - 1],
                (System.nanoTime() - start) / 1e9);
    }

    /** Returns the estimator, for columns {@code label, weight, features}. */
    LogisticRegression regression() {
        return new LogisticRegression()
                .setFamily("multinomial")
                .setWeightCol("weight")
                .setRegParam(regularization)
                .setMaxIter(maxIterations);
    }

    private double[] weights(KeptClasses kept) {
        if (classWeights == ClassWeights.BALANCED) {
            return kept.balancedWeights();
        }
        double[] equal = new double[kept.size()];
        Arrays.fill(equal, 1);
        return equal;
    }

    private static SoftmaxHead headOf(LogisticRegressionModel model) {
        return new SoftmaxHead(
                floats(model.coefficientMatrix().toDense().toDenseRowMajor().values()),
                floats(model.interceptVector().toArray()));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
