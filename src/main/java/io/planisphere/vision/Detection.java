package io.planisphere.vision;

/**
 * One object in a photo.
 *
 * @param label its class, an index of the package's labels
 * @param score its probability, 0 to 1
 */
public record Detection(int label, float score, Box box) {}
