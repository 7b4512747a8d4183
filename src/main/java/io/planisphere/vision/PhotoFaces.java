package io.planisphere.vision;

import java.util.List;

/**
 * The result of face detection for one photo.
 *
 * @param photo the photo, without views
 * @param faces highest score first; empty unless the status is ok
 */
public record PhotoFaces(Scored photo, List<Face> faces) {
    public PhotoFaces {
        faces = List.copyOf(faces);
    }
}
