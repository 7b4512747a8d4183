package io.planisphere.vision;

import io.planisphere.image.Crop;
import java.io.Serializable;
import java.util.List;

/**
 * The inputs and outputs of a network for each photo.
 *
 * @param outputs names of the tensors to compute
 * @param crops crops of each photo, each of which is one slot of a batch; at least one
 */
public record InferenceSpec(List<String> outputs, List<Crop> crops) implements Serializable {
    public InferenceSpec {
        outputs = List.copyOf(outputs);
        crops = List.copyOf(crops);
    }

    /** Returns a spec with one output, and the centre crop. */
    public static InferenceSpec at(String output) {
        return new InferenceSpec(List.of(output), Crop.first(1));
    }
}
