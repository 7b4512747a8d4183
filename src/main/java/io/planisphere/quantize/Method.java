package io.planisphere.quantize;

import java.util.Locale;

/** How the range of an activation is chosen by its histogram. */
public enum Method {
    /** From the smallest value met to the largest: nothing is cut off, and outliers make the steps large. */
    MINMAX {
        @Override
        Range range(Histogram histogram) {
            return histogram.whole();
        }
    },
    /** Leaves out one value in ten thousand. */
    PERCENTILE {
        @Override
        Range range(Histogram histogram) {
            return histogram.within(0.9999);
        }
    },
    /**
     * The range whose quantised distribution tells most of the true one (least Kullback-Leibler divergence, as in Migacz, 8-bit
     * Inference with TensorRT, 2017).
     */
    ENTROPY {
        @Override
        Range range(Histogram histogram) {
            return Divergence.leastFor(histogram);
        }
    };

    abstract Range range(Histogram histogram);

    /** As on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
