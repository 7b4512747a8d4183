package io.planisphere.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;

/** What {@link PackageFolder} makes a model package of. */
public interface NewPackage {
    /**
     * The files but for the manifest, by name.
     *
     * @throws IllegalArgumentException if its parts do not fit each other
     */
    Map<String, byte[]> files();

    /**
     * manifest.json.
     *
     * @param sha256 of each file
     * @param goldens what the network answers to the ramp
     */
    byte[] manifest(Map<String, String> sha256, ArrayNode goldens);

    /** Names of the outputs that golden vectors prove. */
    List<String> outputs();

    /** What another machine's arithmetic may make of the golden values, per unit of the largest. */
    default double tolerance() {
        return 1e-4;
    }
}
