package io.planisphere.report;

import io.planisphere.eval.Estimate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats lines of CSV (RFC 4180). Infinite and undefined values are empty. */
final class Csv {
    private final StringBuilder text = new StringBuilder();

    Csv line(Stream<String> values) {
        text.append(values.map(Csv::quoted).collect(Collectors.joining(","))).append('\n');
        return this;
    }

    static String number(double value) {
        return Double.isFinite(value) ? String.valueOf(value) : "";
    }

    /** Returns the headings of {@link #values(Estimate)}. */
    static List<String> headings(String figure) {
        return List.of(figure, figure + "_low", figure + "_high");
    }

    static List<String> values(Estimate estimate) {
        return List.of(number(estimate.value()), number(estimate.low()), number(estimate.high()));
    }

    private static String quoted(String value) {
        boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? value : "\"" + value.replace("\"", "\"\"") + "\"";
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
