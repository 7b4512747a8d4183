package io.planisphere.model;

import java.util.Locale;

/** The function that converts a network's scores to probabilities, applied after the graph. */
public enum Activation {
    /** The classes exclude each other; their probabilities sum to 1. */
    SOFTMAX,
    /** Classes are independent. */
    SIGMOID,
    /** The graph already outputs probabilities. */
    NONE;

    /** Returns the name in manifest.json. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
