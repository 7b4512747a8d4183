package io.planisphere.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.cost.CostTable;
import io.planisphere.cost.CostTable.OfKind;
import io.planisphere.infer.Probe.Latency;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The cost of one network, as text for the terminal and as JSON.
 *
 * @param name name as given
 * @param photo input shapes for one photo
 * @param fileBytes size of its ONNX file; empty for an architecture
 * @param latency latency of one photo; empty if it was not run
 */
public record CostReport(
        String name, String photo, CostTable costs, OptionalLong fileBytes, Optional<Measured> latency) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A latency, and the settings of its measurement. */
    public record Measured(Latency latency, int repetitions, int threads) {}

    /** Returns the cost as text for the terminal. */
    public String text() {
        StringBuilder text = new StringBuilder();
        line(text, "%s, for one photo %s", name, photo);
        line(text, "%,14.2f M multiply-adds", costs.multiplyAdds() / 1e6);
        line(
                text,
                "%,14.2f M parameters: %.2f in kernels and matrices, %.2f in biases and normalisation",
                costs.parameters() / 1e6,
                costs.weights() / 1e6,
                costs.offsets() / 1e6);
        line(
                text,
                "%,14.2f MB of activations at once, %.2f in all",
                costs.peakBytes() / 1e6,
                costs.activationBytes() / 1e6);
        fileBytes.ifPresent(bytes -> line(text, "%,14.2f MB of ONNX", bytes / 1e6));
        latency.ifPresent(measured -> line(
                text,
                "%,14.2f ms (median of %d calls on %d thread%s; half of them took %.2f to %.2f)",
                measured.latency().medianMillis(),
                measured.repetitions(),
                measured.threads(),
                measured.threads() == 1 ? "" : "s",
                measured.latency().lowerQuartile(),
                measured.latency().upperQuartile()));
        kinds(text);
        return text.toString();
    }

    private void kinds(StringBuilder text) {
        line(text, "%n%-30s %6s %16s %7s %14s %7s", "layers", "", "multiply-adds", "%", "parameters", "%");
        for (OfKind kind : costs.kinds()) {
            line(
                    text,
                    "%-30s %,6d %,16d %7.2f %,14d %7.2f",
                    kind.kind(),
                    kind.layers(),
                    kind.multiplyAdds(),
                    percent(kind.multiplyAdds(), costs.multiplyAdds()),
                    kind.weights(),
                    percent(kind.weights(), costs.weights()));
        }
        if (!costs.free().isEmpty()) {
            line(
                    text,
                    "Without multiply-adds, as papers count: %s",
                    costs.free().entrySet().stream()
                            .map(operator -> operator.getValue() + " " + operator.getKey())
                            .collect(Collectors.joining(", ")));
        }
        costs.uncounted().forEach(what -> line(text, "NOT COUNTED: %s", what));
    }

    /** Returns the cost as one JSON object. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("name", name).put("photo", photo);
        figures(json);
        ArrayNode kinds = json.putArray("kinds");
        for (OfKind kind : costs.kinds()) {
            kinds.addObject()
                    .put("kind", kind.kind())
                    .put("layers", kind.layers())
                    .put("multiply_adds", kind.multiplyAdds())
                    .put("weights", kind.weights())
                    .put("offsets", kind.offsets());
        }
        ArrayNode layers = json.putArray("layers");
        costs.layers()
                .forEach(layer -> layers.addObject()
                        .put("name", layer.name())
                        .put("kind", layer.kind())
                        .put("multiply_adds", layer.multiplyAdds())
                        .put("weights", layer.weights())
                        .put("offsets", layer.offsets()));
        ObjectNode free = json.putObject("free_operators");
        costs.free().forEach(free::put);
        costs.uncounted().forEach(json.putArray("uncounted")::add);
        return json;
    }

    /** Writes only the totals. */
    void figures(ObjectNode json) {
        json.put("multiply_adds", costs.multiplyAdds());
        json.put("parameters", costs.parameters());
        json.put("weights", costs.weights());
        json.put("offsets", costs.offsets());
        json.put("peak_activation_bytes", costs.peakBytes());
        json.put("activation_bytes", costs.activationBytes());
        fileBytes.ifPresent(bytes -> json.put("file_bytes", bytes));
        latency.ifPresent(measured -> json.putObject("latency_ms")
                .put("median", measured.latency().medianMillis())
                .put("lower_quartile", measured.latency().lowerQuartile())
                .put("upper_quartile", measured.latency().upperQuartile())
                .put("repetitions", measured.repetitions())
                .put("threads", measured.threads()));
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format + "%n", values));
    }
}
