package io.planisphere.image;

/** A part of a photo that becomes a separate tensor, and its transformation. */
public sealed interface Cut permits Region, Similarity {}
