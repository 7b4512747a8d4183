package io.planisphere.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.eval.Agreement;
import io.planisphere.eval.Estimate;
import io.planisphere.infer.Probe.Latency;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A comparison of networks with the first of them.
 *
 * @param networks networks, the reference first
 * @param agreements agreement of each with the reference; empty without photos
 * @param photos location of the photos; empty without photos
 */
public record ComparisonReport(List<CostReport> networks, List<Agreement> agreements, String photos) {
    public ComparisonReport {
        networks = List.copyOf(networks);
        agreements = List.copyOf(agreements);
    }

    /** Returns the speed-up relative to the reference; empty if one of them was not run. */
    OptionalDouble speed(int network) {
        Optional<Latency> reference = latency(0);
        Optional<Latency> other = latency(network);
        return reference.isPresent() && other.isPresent()
                ? OptionalDouble.of(reference.get().medianMillis() / other.get().medianMillis())
                : OptionalDouble.empty();
    }

    Optional<Latency> latency(int network) {
        return networks.get(network).latency().map(CostReport.Measured::latency);
    }

    /** Returns the comparison as text for the terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < networks.size(); i++) {
            line(text, "%s  %s%s", letter(i), networks.get(i).name(), i == 0 ? "  (the reference)" : "");
        }
        line(
                text,
                "%n%-14s %12s %10s %10s %8s %10s %7s",
                "",
                "multiply-adds",
                "parameters",
                "file",
                "memory",
                "latency",
                "speed");
        for (int i = 0; i < networks.size(); i++) {
            costs(text, i);
        }
        if (!agreements.isEmpty()) {
            agreements(text);
        }
        networks.forEach(network ->
                network.costs().uncounted().forEach(what -> line(text, "NOT COUNTED in %s: %s", network.name(), what)));
        return text.toString();
    }

    private void costs(StringBuilder text, int i) {
        CostReport network = networks.get(i);
        line(
                text,
                "%-14s %11.1f M %8.2f M %7s MB %5.2f MB %7s ms %7s",
                letter(i),
                network.costs().multiplyAdds() / 1e6,
                network.costs().parameters() / 1e6,
                network.fileBytes().isPresent()
                        ? shown("%.2f", network.fileBytes().getAsLong() / 1e6)
                        : "-",
                network.costs().peakBytes() / 1e6,
                latency(i).map(latency -> shown("%.2f", latency.medianMillis())).orElse("-"),
                speed(i).isPresent() ? shown("%.2f x", speed(i).getAsDouble()) : "-");
    }

    private void agreements(StringBuilder text) {
        Agreement all = agreements.stream()
                .min(Comparator.comparingLong(Agreement::photos))
                .orElseThrow();
        line(
                text,
                "%nOver %s: %,d photos, %,d more without a prediction%n%-14s %15s %16s %24s",
                photos,
                all.photos(),
                all.withoutPrediction(),
                "",
                "same prediction",
                "95 % interval",
                "that prediction in top 5");
        for (int i = 0; i < agreements.size(); i++) {
            Estimate first = agreements.get(i).first();
            line(
                    text,
                    "%-14s %13.1f %% %16s %22.1f %%",
                    letter(i),
                    100 * first.value(),
                    shown("%.1f..%.1f", 100 * first.low(), 100 * first.high()),
                    100 * agreements.get(i).among().value());
        }
    }

    /** Returns the comparison as one JSON object. */
    public ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("reference", networks.get(0).name());
        if (!agreements.isEmpty()) {
            json.put("photos", photos);
        }
        for (int i = 0; i < networks.size(); i++) {
            ObjectNode network = json.withArray("networks")
                    .addObject()
                    .put("name", networks.get(i).name());
            networks.get(i).figures(network);
            speed(i).ifPresent(speed -> network.put("speed", speed));
            if (!agreements.isEmpty()) {
                Agreement agreement = agreements.get(i);
                network.put("photos", agreement.photos()).put("without_prediction", agreement.withoutPrediction());
                MetricsJson.estimate(network, "same_prediction", agreement.first());
                MetricsJson.estimate(network, "prediction_in_top_5", agreement.among());
            }
            networks.get(i).costs().uncounted().forEach(network.withArray("uncounted")::add);
        }
        return json;
    }

    /** Returns short names for plots: the shortest last parts of the names that differ. */
    List<String> shortNames() {
        List<String> names = new ArrayList<>();
        for (CostReport network : networks) {
            String name = network.name().replaceAll("/+$", "");
            names.add(name.substring(name.lastIndexOf('/') + 1));
        }
        return names;
    }

    private static String letter(int network) {
        return network < 26 ? String.valueOf((char) ('A' + network)) : "#" + (network + 1);
    }

    private static String shown(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format + "%n", values));
    }
}
