package io.planisphere.spark.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A plan as the commit log has it.
 *
 * @param folder of its chunks, beside those of other plans
 * @param units of work in it, which batches are made of: chunks of references, or shards
 * @param inputs what was planned, by input as given
 */
record PlanMarker(String folder, long units, Map<String, PlanMarker.Input> inputs, PlanCounts counts) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * An input as it was.
     *
     * @param fingerprint changes when the input does
     * @param videosSkipped in this input
     * @param otherFilesSkipped in this input
     * @param table that it is; null for files
     */
    record Input(
            String fingerprint,
            long videosSkipped,
            long otherFilesSkipped,
            @Nullable TableInput table) {}

    static PlanMarker of(JsonNode json) throws IOException {
        try {
            return JSON.treeToValue(json, PlanMarker.class);
        } catch (JsonProcessingException e) {
            throw new IOException("The commit log has a plan that cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    JsonNode json() {
        return JSON.valueToTree(this);
    }
}
