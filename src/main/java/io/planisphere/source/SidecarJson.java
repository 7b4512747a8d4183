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

/** What stands beside a photo in a tar, as one JSON object. */
final class SidecarJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OBJECT = "json";

    private SidecarJson() {}

    /**
     * The keys of the sample's {@code json}, and each other field that is text under its own name where no key has it. What is
     * neither an object nor text is left out.
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
            // no text: sound, say
        }
    }
}
