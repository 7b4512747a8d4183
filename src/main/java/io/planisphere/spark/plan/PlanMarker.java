package io.planisphere.spark.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entry of a plan in the commit log.
 *
 * @param folder folder of its chunks, beside those of other plans
 * @param units its units of work, which make up batches: chunks of references, or shards
 * @param inputs planned inputs, by input as given
 */
record PlanMarker(String folder, long units, Map<String, PlanMarker.Input> inputs, PlanCounts counts) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * An input at the time of planning.
     *
     * @param fingerprint value that changes when the input does
     * @param videosSkipped videos in this input
     * @param otherFilesSkipped other files in this input
     * @param table the table; null for files
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
