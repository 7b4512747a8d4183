package io.planisphere.quantize;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The measured statistics of a network's values, by name. Not thread-safe. */
public final class ActivationStatistics implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, ActivationRange> measured = new LinkedHashMap<>();
    private long photos;

    /**
     * Adds the observed values for one photo.
     *
     * @param observed result of {@link FloatNetwork#observed}
     * @param values flat values, channels first, in the same order
     */
    public void add(List<FloatNetwork.Observed> observed, float[][] values) {
        for (int i = 0; i < values.length; i++) {
            FloatNetwork.Observed value = observed.get(i);
            measured.computeIfAbsent(value.name(), name -> new ActivationRange(value))
                    .add(values[i]);
        }
        photos++;
    }

    /** Adds the statistics of another object to this one, and returns this. */
    public ActivationStatistics plus(ActivationStatistics other) {
        for (Map.Entry<String, ActivationRange> entry : other.measured.entrySet()) {
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

    ActivationRange of(String value) {
        ActivationRange found = measured.get(value);
        if (found == null) {
            throw new IllegalArgumentException("Nothing was measured of " + value);
        }
        return found;
    }
}
