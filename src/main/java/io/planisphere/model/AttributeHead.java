package io.planisphere.model;

import java.util.List;
import java.util.OptionalInt;

/**
 * An output that describes a face, shape {@code [N, width]}.
 *
 * @param output name of the tensor
 * @param attribute name of what it says
 * @param activation before the values are read
 * @param labels one per value for {@link Kind#LABELS}, else empty
 * @param width values per face; empty where the graph leaves it to the run
 */
public record AttributeHead(
        String output, String attribute, Kind kind, Activation activation, List<String> labels, OptionalInt width) {

    /** How the values are read. */
    public enum Kind {
        /** A probability per label. */
        LABELS,
        /** Probabilities of 0, 1, 2, …, which say one number: their mean. */
        EXPECTATION,
        /** One number. */
        VALUE
    }

    public AttributeHead {
        labels = List.copyOf(labels);
    }

    /** Names of the numbers in a row: the attribute's, or {@code attribute.label} each where it has several labels. */
    public List<String> keys() {
        return labels.size() < 2
                ? List.of(attribute)
                : labels.stream().map(label -> attribute + "." + label).toList();
    }

    /** Holds the declaration against the values that the network gives per face. */
    void checkWidth(int values) {
        boolean fits = switch (kind) {
            case LABELS -> values == labels.size();
            case EXPECTATION -> values > 1;
            case VALUE -> values == 1;
        };
        if (!fits) {
            String needed = switch (kind) {
                case LABELS -> labels.size() + " labels; give it one label per value";
                case EXPECTATION -> "is an expectation; name an output with a probability for each of several numbers";
                case VALUE -> "is a value; name an output with one";
            };
            throw new PackageProblem("manifest.json: attribute " + attribute + (kind == Kind.LABELS ? " has " : " ")
                    + needed + ", since output " + output + " has width " + values);
        }
    }
}
