package io.planisphere.vision;

import io.planisphere.image.Status;
import io.planisphere.infer.Inferred;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of decoder and network for one photo.
 *
 * @param detail one-line reason for a status other than ok; null for ok
 * @param width width of the upright photo in pixels, 0 if unknown
 * @param height height of the upright photo in pixels, 0 if unknown
 * @param views the network's outputs for each crop, in order; empty unless the status is ok
 */
public record Scored(
        String id,
        String uri,
        Status status,
        @Nullable String detail,
        int width,
        int height,
        List<Inferred.Outputs> views) {

    /** Returns the result for a photo without outputs. */
    static Scored rejected(String id, String uri, Status why, @Nullable String detail, int width, int height) {
        return new Scored(id, uri, why, detail, width, height, List.of());
    }
}
