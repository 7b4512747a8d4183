package io.planisphere.model;

import java.util.OptionalInt;

/**
 * The output with one score per class, shape {@code [N, width]}.
 *
 * @param output name of the tensor
 * @param width number of classes; empty where the graph leaves it to the run
 */
public record Scores(String output, Activation activation, OptionalInt width) {}
