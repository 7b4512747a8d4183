package io.planisphere.quantize;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured of a network's activations: a histogram and the mean of each channel, by the value's name. Not for threads. */
public final class ActivationStatistics implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, Measured> measured = new LinkedHashMap<>();
    private long photos;

    private static final class Measured implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Histogram histogram = new Histogram();
        private final double[] sums;
        private long perChannel;

        Measured(int channels) {
            sums = new double[channels];
        }

        void add(float[] values) {
            histogram.add(values, 0, values.length);
            int plane = values.length / sums.length;
            for (int c = 0; c < sums.length; c++) {
                double sum = 0;
                for (int i = c * plane; i < (c + 1) * plane; i++) {
                    sum += values[i];
                }
                sums[c] += sum;
            }
            perChannel += plane;
        }

        void add(Measured other) {
            histogram.add(other.histogram);
            for (int c = 0; c < sums.length; c++) {
                sums[c] += other.sums[c];
            }
            perChannel += other.perChannel;
        }
    }

    /**
     * Takes what one photo made of the observed values.
     *
     * @param observed what {@link FloatNetwork#observed} says
     * @param values flat, channels first, in the same order
     */
    public void add(List<FloatNetwork.Observed> observed, float[][] values) {
        for (int i = 0; i < values.length; i++) {
            FloatNetwork.Observed value = observed.get(i);
            measured.computeIfAbsent(value.name(), name -> new Measured(value.channels()))
                    .add(values[i]);
        }
        photos++;
    }

    /** Adds what others measured, and is the sum. */
    public ActivationStatistics plus(ActivationStatistics other) {
        for (Map.Entry<String, Measured> entry : other.measured.entrySet()) {
            measured.merge(entry.getKey(), entry.getValue(), (mine, theirs) -> {
                mine.add(theirs);
                return mine;
            });
        }
        photos += other.photos;
        return this;
    }

    public long photos() {
        return photos;
    }

    Range range(String value, Method method) {
        return method.range(of(value).histogram);
    }

    /** One per channel. */
    double[] means(String value) {
        Measured found = of(value);
        double[] means = found.sums.clone();
        for (int c = 0; c < means.length; c++) {
            means[c] /= Math.max(1, found.perChannel);
        }
        return means;
    }

    private Measured of(String value) {
        Measured found = measured.get(value);
        if (found == null) {
            throw new IllegalArgumentException("Nothing was measured of " + value);
        }
        return found;
    }
}
