package io.planisphere.quantize;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured of a network's values, by their names. For one thread. */
public final class ActivationStatistics implements Serializable {
    private static final long serialVersionUID = 1L;

    private final LinkedHashMap<String, ActivationRange> measured = new LinkedHashMap<>();
    private long photos;

    /**
     * Takes what one photo made of the observed values.
     *
     * @param observed what {@link FloatNetwork#observed} says
     * @param values flat, channels first, in the same order
     */
    public void add(List<FloatNetwork.Observed> observed, float[][] values) {
        for (int i = 0; i < values.length; i++) {
            FloatNetwork.Observed value = observed.get(i);
            measured.computeIfAbsent(value.name(), name -> new ActivationRange(value))
                    .add(values[i]);
        }
        photos++;
    }

    /** Adds what others measured, and is the sum. */
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
