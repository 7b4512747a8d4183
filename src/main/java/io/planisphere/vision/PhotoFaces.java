package io.planisphere.vision;

import java.util.List;

/**
 * What became of one photo whose faces were looked for.
 *
 * @param photo without views
 * @param faces the most certain first; empty unless the status is ok
 */
public record PhotoFaces(Scored photo, List<Face> faces) {
    public PhotoFaces {
        faces = List.copyOf(faces);
    }
}
