package io.planisphere.vision;

import io.planisphere.model.AttributeHead;
import io.planisphere.model.FaceAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Computes the requested values from a network's outputs, by name. */
public final class AttributeValues {
    private final List<AttributeHead> heads = new ArrayList<>();
    private final double temperature;
    private final Set<String> keys = new LinkedHashSet<>();

    /**
     * @param names attributes or single keys of them, from {@link FaceAttributes#names}
     * @param temperature temperature of the package, as for {@link Probabilities#of}
     */
    public AttributeValues(FaceAttributes attributes, Set<String> names, double temperature) {
        this.temperature = temperature;
        Set<String> unknown = new LinkedHashSet<>(names);
        unknown.removeAll(attributes.names());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "Attributes " + unknown + " are none of " + String.join(", ", attributes.names()));
        }
        for (AttributeHead head : attributes.heads()) {
            List<String> asked = head.keys().stream()
                    .filter(key -> names.contains(key) || names.contains(head.attribute()))
                    .toList();
            if (!asked.isEmpty()) {
                heads.add(head);
                keys.addAll(asked);
            }
        }
    }

    /** Returns the heads of the values, in the package's order. */
    public List<AttributeHead> heads() {
        return List.copyOf(heads);
    }

    /** Returns the names of the output tensors, one per attribute; a tensor with two attributes appears twice. */
    public List<String> outputs() {
        return heads.stream().map(AttributeHead::output).toList();
    }

    /**
     * Returns the values of one face by key.
     *
     * @param outputs values of {@link #outputs}, in that order; further ones are ignored
     */
    public Map<String, Float> of(float[][] outputs) {
        Map<String, Float> values = new LinkedHashMap<>();
        for (int i = 0; i < heads.size(); i++) {
            AttributeHead head = heads.get(i);
            float[] probabilities = new float[outputs[i].length];
            Probabilities.of(outputs[i], head.activation(), temperature, probabilities);
            List<String> names = head.keys();
            if (head.kind() == AttributeHead.Kind.EXPECTATION) {
                values.put(names.get(0), expectation(probabilities));
                continue;
            }
            for (int k = 0; k < names.size(); k++) {
                if (keys.contains(names.get(k))) {
                    values.put(names.get(k), probabilities[k]);
                }
            }
        }
        return values;
    }

    private static float expectation(float[] probabilities) {
        double sum = 0;
        for (int k = 0; k < probabilities.length; k++) {
            sum += (double) k * probabilities[k];
        }
        return (float) sum;
    }
}
