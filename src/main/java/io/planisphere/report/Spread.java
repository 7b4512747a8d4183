package io.planisphere.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The median and range of a figure measured several times. */
public record Spread(double median, double low, double high) {

    /** Returns the spread of at least one value; for an even number, the median is the mean of the two in the middle. */
    public static Spread of(Collection<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return new Spread((sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2, sorted.get(0), sorted.get(n - 1));
    }

    String shown(String format) {
        return String.format(Locale.ROOT, format + " (" + format + " to " + format + ")", median, low, high);
    }

    void write(ObjectNode json, String key) {
        json.putObject(key).put("median", median).put("low", low).put("high", high);
    }
}
