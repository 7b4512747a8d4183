package io.planisphere.vision;

import io.planisphere.image.Point;
import java.util.Map;

/**
 * A detected object in a photo.
 *
 * @param label class, an index of the package's labels
 * @param score probability, 0 to 1
 * @param landmarks its points by name, in pixels of the upright photo, possibly outside; empty if the detector outputs none
 */
public record Detection(int label, float score, Box box, Map<String, Point> landmarks) {
    public Detection {
        landmarks = Map.copyOf(landmarks);
    }

    /** Creates a detection without landmarks. */
    public Detection(int label, float score, Box box) {
        this(label, score, box, Map.of());
    }
}
