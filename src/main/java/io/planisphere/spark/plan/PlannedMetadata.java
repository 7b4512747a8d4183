package io.planisphere.spark.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;

/** The metadata of a photo in a plan, as one JSON object. */
public final class PlannedMetadata {
    /** WebDataset's name for the key that a sample's files share. */
    public static final String KEY = "__key__";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> COLUMNS = List.of(Plan.USER, Plan.LATITUDE, Plan.LONGITUDE, Plan.TAKEN, KEY);

    private PlannedMetadata() {}

    /** Returns the metadata of the input, overlaid with the parsed values: user, place in degrees, time. */
    public static String of(Row planned) {
        ObjectNode all = JSON.createObjectNode();
        String words = planned.getAs(Plan.METADATA);
        List<String> columns = Arrays.asList(planned.schema().fieldNames());
        try {
            if (words != null && JSON.readTree(words) instanceof ObjectNode given) {
                all.setAll(given);
                // invalid coordinates are dropped
                List.of(Plan.LATITUDE, Plan.LONGITUDE).forEach(all::remove);
            }
            for (String column : COLUMNS) {
                Object value = columns.contains(column) ? planned.getAs(column) : null;
                if (value != null) {
                    all.set(column, node(value));
                }
            }
            return JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The plan holds what is no JSON: " + words, e);
        }
    }

    private static JsonNode node(Object value) {
        return value instanceof Double number
                ? JSON.getNodeFactory().numberNode(number)
                : JSON.getNodeFactory().textNode(value.toString());
    }
}
