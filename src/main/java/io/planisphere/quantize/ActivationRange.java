package io.planisphere.quantize;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** The measured statistics of one value of a network. */
final class ActivationRange implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Histogram histogram = new Histogram();
    private final boolean isRanged;
    private final double[] sums;
    private final float[] highs;
    private final @Nullable Covariance covariance;
    private long perChannel;
    private long photos;

    ActivationRange(FloatNetwork.Observed observed) {
        isRanged = observed.isRanged();
        sums = new double[observed.channels()];
        highs = new float[observed.channels()];
        covariance = observed.blocks() > 0 ? new Covariance(observed.channels(), observed.blocks()) : null;
    }

    /** @param values values of one photo, channels first */
    void add(float[] values) {
        if (isRanged) {
            histogram.add(values, 0, values.length);
        }
        int plane = values.length / sums.length;
        for (int c = 0; c < sums.length; c++) {
            double sum = 0;
            float high = highs[c];
            for (int i = c * plane; i < (c + 1) * plane; i++) {
                sum += values[i];
                high = Math.max(high, values[i]);
            }
            sums[c] += sum;
            highs[c] = high;
        }
        if (covariance != null) {
            covariance.add(values, photos);
        }
        perChannel += plane;
        photos++;
    }

    void add(ActivationRange other) {
        histogram.add(other.histogram);
        for (int c = 0; c < sums.length; c++) {
            sums[c] += other.sums[c];
            highs[c] = Math.max(highs[c], other.highs[c]);
        }
        if (covariance != null && other.covariance != null) {
            covariance.add(other.covariance);
        }
        perChannel += other.perChannel;
        photos += other.photos;
    }

    /** Returns the histogram; empty if only means were requested. */
    Histogram histogram() {
        return histogram;
    }

    /** Returns one mean per channel. */
    double[] means() {
        double[] means = sums.clone();
        for (int c = 0; c < means.length; c++) {
            means[c] /= Math.max(1, perChannel);
        }
        return means;
    }

    /** Returns the largest value of each channel, at least 0. */
    float[] highs() {
        return highs.clone();
    }

    @Nullable
    Covariance covariance() {
        return covariance;
    }
}
