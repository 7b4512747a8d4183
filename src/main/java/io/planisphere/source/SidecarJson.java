package io.planisphere.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Merges the files beside a photo in a tar into one JSON object. */
final class SidecarJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OBJECT = "json";

    private SidecarJson() {}

    /**
     * Returns the keys of the sample's {@code json}, plus each other text field under its own name unless there is such a key.
     * Fields that are neither an object nor text are left out.
     */
    static String of(Map<String, byte[]> sidecars) {
        ObjectNode all = JSON.createObjectNode();
        byte[] object = sidecars.get(OBJECT);
        if (object != null) {
            all.setAll(parsed(object));
        }
        for (Map.Entry<String, byte[]> field : new TreeMap<>(sidecars).entrySet()) {
            if (!field.getKey().equals(OBJECT) && !all.has(field.getKey())) {
                putText(all, field.getKey(), field.getValue());
            }
        }
        try {
            return all.isEmpty() ? "" : JSON.writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of strings and numbers is always JSON", e);
        }
    }

    private static ObjectNode parsed(byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            return node instanceof ObjectNode object ? object : JSON.createObjectNode();
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    private static void putText(ObjectNode all, String field, byte[] bytes) {
        try {
            all.put(
                    field,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            // not text, for example sound
        }
    }
}
