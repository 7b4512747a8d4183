package io.planisphere.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.planisphere.model.GalleryFile;
import io.planisphere.model.ModelPackage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The content of a model package that {@link PackageFolder} writes. */
public interface NewPackage {
    /**
     * Returns the files without the manifest, by name.
     *
     * @throws IllegalArgumentException if its parts do not fit each other
     */
    Map<String, byte[]> files();

    /** Returns the gallery of the package, which is copied into it. */
    default Optional<GalleryFile> gallery() {
        return Optional.empty();
    }

    /** Returns the package that has the weights which the network of this one keeps outside its own file, if it does. */
    default Optional<ModelPackage> weights() {
        return Optional.empty();
    }

    /**
     * Returns manifest.json.
     *
     * @param sha256 SHA-256 of each file
     * @param goldens outputs of the network for the ramp
     */
    byte[] manifest(Map<String, String> sha256, ArrayNode goldens);

    /** Returns the names of the outputs with golden vectors. */
    List<String> outputs();

    /** Returns the tolerance of golden values for the arithmetic of other machines, relative to the largest value. */
    default double tolerance() {
        return 1e-4;
    }
}
