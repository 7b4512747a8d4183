package io.planisphere.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The two parts of a Hugging Face transformers config.json that describe a network's outputs. The rest of it describes the
 * layers, for which the graph is authoritative.
 *
 * @param labels labels in the order of the scores; empty if the file has none
 * @param activation activation by {@code problem_type}; softmax if it is absent, as in transformers
 */
record HuggingFaceConfig(List<String> labels, Activation activation) {
    /** The key under which timm's config.json lists labels, if it does. */
    private static final String TIMM_LABELS = "label_names";

    static final HuggingFaceConfig ABSENT = new HuggingFaceConfig(List.of(), Activation.SOFTMAX);

    static HuggingFaceConfig parse(byte[] bytes) {
        JsonObject json = JsonObject.parse(PackageFiles.CONFIG, bytes);
        return new HuggingFaceConfig(
                json.has("id2label")
                        ? labels(json.object("id2label"))
                        : json.has(TIMM_LABELS) ? json.texts(TIMM_LABELS) : List.of(),
                activation(json));
    }

    /** Returns config.json with these labels in place of its own. */
    static byte[] labelled(Optional<byte[]> config, List<String> labels) {
        JsonObject json =
                JsonObject.parse(PackageFiles.CONFIG, config.orElseGet(() -> "{}".getBytes(StandardCharsets.UTF_8)));
        return json.with("id2label", numbered(labels)).toBytes();
    }

    private static Map<String, String> numbered(List<String> labels) {
        Map<String, String> numbered = new LinkedHashMap<>();
        for (int id = 0; id < labels.size(); id++) {
            numbered.put(Integer.toString(id), labels.get(id));
        }
        return numbered;
    }

    private static List<String> labels(JsonObject id2label) {
        Set<String> keys = id2label.keys();
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < keys.size(); id++) {
            String key = Integer.toString(id);
            if (!keys.contains(key)) {
                throw new PackageProblem("config.json: id2label has " + keys.size() + " labels but none for " + id
                        + "; number them from 0 without gaps");
            }
            labels.add(id2label.text(key));
        }
        return List.copyOf(labels);
    }

    private static Activation activation(JsonObject json) {
        String problemType = json.optionalText("problem_type").orElse("single_label_classification");
        return switch (problemType) {
            case "single_label_classification" -> Activation.SOFTMAX;
            case "multi_label_classification" -> Activation.SIGMOID;
            default ->
                throw json.problem("problem_type", "must be single_label_classification or multi_label_classification");
        };
    }
}
