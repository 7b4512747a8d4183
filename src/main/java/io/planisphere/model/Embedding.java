package io.planisphere.model;

import java.util.OptionalInt;

/**
 * The output with a photo's feature vector, shape {@code [N, width]}, or {@code [N, …]} to be read flat.
 *
 * @param output name of the tensor
 * @param width values per photo; empty where the graph leaves it to the run
 */
public record Embedding(String output, OptionalInt width) {}
