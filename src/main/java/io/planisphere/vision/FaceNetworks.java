package io.planisphere.vision;

import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import java.util.List;
import java.util.Optional;

/**
 * The networks of a {@link FaceScorer}. The caller owns the sessions.
 *
 * @param detector detector of {@code detectorPackage}
 * @param facePackage package of the network for faces
 * @param faceSession its session; empty, and never run, if {@code outputs} is empty
 * @param outputs names of the tensors to compute for each face
 */
public record FaceNetworks(
        Detector detector,
        ModelPackage detectorPackage,
        Session detectorSession,
        ModelPackage facePackage,
        Optional<Session> faceSession,
        List<String> outputs) {
    public FaceNetworks {
        outputs = List.copyOf(outputs);
        if (outputs.isEmpty() == faceSession.isPresent()) {
            throw new IllegalArgumentException("A session is there to give outputs, got " + outputs);
        }
    }
}
