package io.planisphere.image;

/** What of a photo becomes a tensor of its own, and how it comes to lie there. */
public sealed interface Cut permits Region, Similarity {}
