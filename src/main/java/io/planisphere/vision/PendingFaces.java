package io.planisphere.vision;

import io.planisphere.image.Status;
import io.planisphere.infer.Inferred;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A photo whose faces wait for inference. */
final class PendingFaces {
    private final Scored photo;
    private final List<Face> faces = new ArrayList<>();
    private int outstanding;
    private @Nullable String failure;

    /** @param asked whether the network runs on each face and calls {@link #complete} */
    PendingFaces(Scored photo, List<Detection> detections, boolean asked) {
        this.photo = photo;
        detections.forEach(detection -> faces.add(new Face(detection, null)));
        outstanding = asked ? faces.size() : 0;
    }

    /** Sets the network's result for a face; if it failed on one face, the whole photo fails. */
    void complete(int face, Inferred result) {
        outstanding--;
        if (result instanceof Inferred.Outputs outputs) {
            faces.set(face, new Face(faces.get(face).detection(), outputs));
        } else if (result instanceof Inferred.Failed failed && failure == null) {
            failure = "face " + face + " of " + faces.size() + ": " + failed.detail();
        }
    }

    boolean isComplete() {
        return outstanding == 0;
    }

    PhotoFaces result() {
        if (failure == null) {
            return new PhotoFaces(photo, faces);
        }
        Scored failed =
                Scored.rejected(photo.id(), photo.uri(), Status.MODEL_ERROR, failure, photo.width(), photo.height());
        return new PhotoFaces(failed, List.of());
    }
}
