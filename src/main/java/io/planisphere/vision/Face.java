package io.planisphere.vision;

import io.planisphere.infer.Inferred;
import org.jspecify.annotations.Nullable;

/**
 * A face in a photo.
 *
 * @param outputs outputs of the network for faces, null if it was not run
 */
public record Face(Detection detection, Inferred.@Nullable Outputs outputs) {}
