package io.planisphere.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;

/** What {@link PackageFolder} makes a model package of. */
public interface NewPackage {
    /** The files but for the manifest, by name. */
    Map<String, byte[]> files();

    /** Names of the outputs that golden vectors prove. */
    List<String> outputs();

    /**
     * manifest.json.
     *
     * @param sha256 of each file
     * @param goldens what the network answers, as the manifest has it
     */
    byte[] manifest(Map<String, String> sha256, ArrayNode goldens);
}
