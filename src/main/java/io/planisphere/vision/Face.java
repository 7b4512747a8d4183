package io.planisphere.vision;

import io.planisphere.infer.Inferred;
import org.jspecify.annotations.Nullable;

/**
 * One face of a photo.
 *
 * @param answer of the network for faces, null if it was not asked
 */
public record Face(Detection detection, Inferred.@Nullable Outputs answer) {}
