package io.planisphere.vision;

import io.planisphere.image.Point;
import java.util.Map;

/**
 * One object in a photo.
 *
 * @param label its class, an index of the package's labels
 * @param score its probability, 0 to 1
 * @param landmarks points of it by name, in pixels of the upright photo, maybe outside; empty if the detector gives none
 */
public record Detection(int label, float score, Box box, Map<String, Point> landmarks) {
    public Detection {
        landmarks = Map.copyOf(landmarks);
    }

    /** One without landmarks. */
    public Detection(int label, float score, Box box) {
        this(label, score, box, Map.of());
    }
}
