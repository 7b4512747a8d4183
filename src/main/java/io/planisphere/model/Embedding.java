package io.planisphere.model;

import java.util.OptionalInt;

/**
 * The output with a photo's feature vector, shape {@code [N, width]}, or {@code [N, …]}, which is flattened.
 *
 * @param output name of the tensor
 * @param width values per photo; empty if the dimension is dynamic
 */
public record Embedding(String output, OptionalInt width) {}
