package io.planisphere.model;

import java.util.Locale;

/** What turns a network's scores into probabilities, after the graph has run. */
public enum Activation {
    /** The classes exclude each other; their probabilities sum to 1. */
    SOFTMAX,
    /** Each class stands alone. */
    SIGMOID,
    /** The graph gives probabilities already. */
    NONE;

    /** As written in manifest.json. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
