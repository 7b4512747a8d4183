package io.planisphere.vision;

import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link FaceScorer} runs. The sessions are the caller's.
 *
 * @param detector of {@code detectorPackage}
 * @param facePackage of the network for faces
 * @param faceSession its session; empty, and never run, if {@code outputs} is
 * @param outputs names of the tensors wanted of each face
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
