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
    private int unanswered;
    private @Nullable String failure;

    /** @param asked whether the network runs on each face and calls {@link #answer} */
    PendingFaces(Scored photo, List<Detection> detections, boolean asked) {
        this.photo = photo;
        detections.forEach(detection -> faces.add(new Face(detection, null)));
        unanswered = asked ? faces.size() : 0;
    }

    /** Sets the network's result for a face; if it failed on one face, the whole photo fails. */
    void answer(int face, Inferred answer) {
        unanswered--;
        if (answer instanceof Inferred.Outputs outputs) {
            faces.set(face, new Face(faces.get(face).detection(), outputs));
        } else if (answer instanceof Inferred.Failed failed && failure == null) {
            failure = "face " + face + " of " + faces.size() + ": " + failed.detail();
        }
    }

    boolean isAnswered() {
        return unanswered == 0;
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
