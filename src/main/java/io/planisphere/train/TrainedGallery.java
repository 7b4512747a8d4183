package io.planisphere.train;

import io.planisphere.model.GalleryFile;
import io.planisphere.model.Retrieval;

/**
 * A gallery for a package.
 *
 * @param file the file, which is copied into the package
 * @param rule how it is used
 */
public record TrainedGallery(GalleryFile file, Retrieval rule) {}
