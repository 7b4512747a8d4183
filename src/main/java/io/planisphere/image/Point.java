package io.planisphere.image;

/** A point in a photo, in pixels from its top left corner. */
public record Point(double x, double y) {}
