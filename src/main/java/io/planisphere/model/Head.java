package io.planisphere.model;

import java.util.OptionalInt;

/**
 * An output with one score per class, shape {@code [N, width]}.
 *
 * @param output name of the tensor
 * @param width number of classes; empty if the dimension is dynamic
 * @param cellsFile file of the package with a line per score; present if the task is {@link Task#LOCATE}
 */
public record Head(String output, Activation activation, OptionalInt width, String cellsFile) {}
