package io.planisphere.vision;

import io.planisphere.image.Crop;
import java.io.Serializable;
import java.util.List;

/**
 * How a network looks at a photo.
 *
 * @param outputs names of the tensors wanted from it
 * @param crops what it sees of each photo, one call's photo each; one at least
 */
public record InferenceSpec(List<String> outputs, List<Crop> crops) implements Serializable {
    public InferenceSpec {
        outputs = List.copyOf(outputs);
        crops = List.copyOf(crops);
    }

    /** One output, and the centre crop. */
    public static InferenceSpec at(String output) {
        return new InferenceSpec(List.of(output), Crop.first(1));
    }
}
