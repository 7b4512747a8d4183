package io.planisphere.model;

/**
 * A box that a detector's codes are relative to, as fractions of the photo (Liu et al., SSD, arXiv 1512.02325, section 2.2, where
 * it is called a default box). It may extend beyond the photo.
 *
 * @param height above 0
 * @param width above 0
 */
public record Anchor(double yCentre, double xCentre, double height, double width) {}
