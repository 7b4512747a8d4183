package io.planisphere.vision;

import io.planisphere.image.Status;
import io.planisphere.infer.Inferred;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one photo on its way through decoder and network.
 *
 * @param detail one line that explains a status other than ok; null for ok
 * @param width of the upright photo in pixels, 0 where unknown
 * @param height likewise
 * @param views what the network said of each crop, in their order; empty unless the status is ok
 */
public record Scored(
        String id,
        String uri,
        Status status,
        @Nullable String detail,
        int width,
        int height,
        List<Inferred.Outputs> views) {

    /** A photo that the network says nothing of. */
    static Scored rejected(String id, String uri, Status why, @Nullable String detail, int width, int height) {
        return new Scored(id, uri, why, detail, width, height, List.of());
    }
}
