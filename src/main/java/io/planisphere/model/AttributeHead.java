package io.planisphere.model;

import java.util.List;
import java.util.OptionalInt;

/**
 * An output with an attribute of a face, shape {@code [N, width]}.
 *
 * @param output name of the tensor
 * @param attribute name of the attribute
 * @param activation activation applied before the values are read
 * @param labels one label per value for {@link Kind#LABELS}, otherwise empty
 * @param width values per face; empty if the dimension is dynamic
 */
public record AttributeHead(
        String output, String attribute, Kind kind, Activation activation, List<String> labels, OptionalInt width) {

    /** The interpretation of the values. */
    public enum Kind {
        /** A probability per label. */
        LABELS,
        /** Probabilities of 0, 1, 2, …, whose expectation is the value. */
        EXPECTATION,
        /** The value itself. */
        VALUE
    }

    public AttributeHead {
        labels = List.copyOf(labels);
    }

    /** Returns the keys of the numbers in a row: the attribute, or {@code attribute.label} for each of several labels. */
    public List<String> keys() {
        return labels.size() < 2
                ? List.of(attribute)
                : labels.stream().map(label -> attribute + "." + label).toList();
    }

    /** Checks the declaration against the number of values that the network outputs per face. */
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
