package io.planisphere.image;

/** A place in a photo, in pixels from its top left corner. */
public record Point(double x, double y) {}
