package io.planisphere.quantize;

import java.util.Locale;

/** The method of choosing an activation's range from its histogram. */
public enum Method {
    /** From the smallest value to the largest: nothing is clipped, but outliers make the steps large. */
    MINMAX {
        @Override
        Range range(Histogram histogram) {
            return histogram.whole();
        }
    },
    /** Excludes one value in ten thousand. */
    PERCENTILE {
        @Override
        Range range(Histogram histogram) {
            return histogram.within(0.9999);
        }
    },
    /**
     * The range whose quantised distribution is closest to the true one (least Kullback-Leibler divergence, as in Migacz, 8-bit
     * Inference with TensorRT, 2017).
     */
    ENTROPY {
        @Override
        Range range(Histogram histogram) {
            return Divergence.leastFor(histogram);
        }
    };

    abstract Range range(Histogram histogram);

    /** Returns the value as written on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
