package io.planisphere.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A JSON object in a package's file, parsed strictly: every problem names file, key and value. A null counts as absent. */
final class JsonObject {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String file;
    private final String path;
    private final ObjectNode node;

    private JsonObject(String file, String path, ObjectNode node) {
        this.file = file;
        this.path = path;
        this.node = node;
    }

    static JsonObject parse(String file, byte[] bytes) {
        try {
            if (MAPPER.readTree(bytes) instanceof ObjectNode object) {
                return new JsonObject(file, "", object);
            }
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new PackageProblem(file + " is not JSON" + where + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new PackageProblem(file + " cannot be read as UTF-8 JSON: " + e.getMessage(), e);
        }
        throw new PackageProblem(file + " must hold one JSON object, in braces");
    }

    /** Returns a copy in which a key has another value. */
    JsonObject with(String key, Map<String, String> value) {
        ObjectNode copy = node.deepCopy();
        copy.set(key, MAPPER.valueToTree(value));
        return new JsonObject(file, path, copy);
    }

    byte[] toBytes() {
        return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the keys with a value other than null, sorted. */
    Set<String> keys() {
        Set<String> keys = new TreeSet<>();
        node.properties().forEach(property -> {
            if (!property.getValue().isNull()) {
                keys.add(property.getKey());
            }
        });
        return keys;
    }

    boolean has(String key) {
        return node.hasNonNull(key);
    }

    void allowOnly(Set<String> known) {
        for (String key : keys()) {
            if (!known.contains(key)) {
                throw problem(
                        key, "is not known here; take it out, known are " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    String text(String key) {
        JsonNode value = required(key, "a string");
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw problem(key, "must be a string that is not blank");
        }
        return value.textValue();
    }

    Optional<String> optionalText(String key) {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    /** Returns the enum constant whose name, in lower case, is the value. */
    <E extends Enum<E>> E constant(String key, Class<E> type) {
        String value = text(key);
        E[] constants = type.getEnumConstants();
        return Arrays.stream(constants)
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(value))
                .findFirst()
                .orElseThrow(() -> problem(
                        key,
                        "must be one of "
                                + Arrays.stream(constants)
                                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }

    boolean truth(String key) {
        JsonNode value = required(key, "true or false");
        if (!value.isBoolean()) {
            throw problem(key, "must be true or false");
        }
        return value.booleanValue();
    }

    double number(String key) {
        return number(key, required(key, "a number"));
    }

    /** Returns a list of strings. */
    List<String> texts(String key) {
        JsonNode value = required(key, "a list of strings");
        List<String> texts = new ArrayList<>();
        value.forEach(element -> texts.add(element.isTextual() ? element.textValue() : ""));
        if (!value.isArray() || texts.stream().anyMatch(String::isBlank)) {
            throw problem(key, "must be a list of strings that are not blank");
        }
        return texts;
    }

    /** Returns a list of numbers. */
    List<Double> numbers(String key) {
        JsonNode value = required(key, "a list of numbers");
        if (!value.isArray()) {
            throw problem(key, "must be a list of numbers");
        }
        List<Double> numbers = new ArrayList<>();
        value.forEach(element -> numbers.add(number(key, element)));
        return numbers;
    }

    int wholeNumber(String key, int least) {
        JsonNode value = required(key, "a whole number");
        if (!value.canConvertToExactIntegral() || !value.canConvertToInt() || value.intValue() < least) {
            throw problem(key, "must be a whole number of at least " + least);
        }
        return value.intValue();
    }

    boolean isNumber(String key) {
        return node.path(key).isNumber();
    }

    /** Returns this object with missing values taken from {@code defaults}. */
    JsonObject orElse(JsonObject defaults) {
        ObjectNode merged = node.deepCopy();
        for (String key : defaults.keys()) {
            if (!has(key)) {
                merged.set(key, defaults.node.get(key));
            }
        }
        return new JsonObject(file, path, merged);
    }

    JsonObject object(String key) {
        if (required(key, "an object") instanceof ObjectNode object) {
            return new JsonObject(file, path + key + ".", object);
        }
        throw problem(key, "must be an object, in braces");
    }

    Optional<JsonObject> optionalObject(String key) {
        return has(key) ? Optional.of(object(key)) : Optional.empty();
    }

    /** Returns the object, or the elements of a list of objects; none if the key is absent. */
    List<JsonObject> oneOrMoreObjects(String key) {
        return node.path(key).isArray()
                ? objects(key)
                : optionalObject(key).map(List::of).orElse(List.of());
    }

    /** Returns the elements of a list of objects; none if the key is absent. */
    List<JsonObject> objects(String key) {
        if (!has(key)) {
            return List.of();
        }
        List<JsonObject> objects = new ArrayList<>();
        JsonNode list = node.path(key);
        if (!list.isArray()) {
            throw problem(key, "must be a list of objects");
        }
        for (JsonNode element : list) {
            if (!(element instanceof ObjectNode object)) {
                throw problem(key, "must be a list of objects");
            }
            objects.add(new JsonObject(file, path + key + "[" + objects.size() + "].", object));
        }
        return objects;
    }

    /** Returns a problem with one key, for the caller to throw, with the actual value and the valid ones. */
    PackageProblem problem(String key, String mend) {
        JsonNode value = node.get(key);
        String says = value == null ? "" : " (" + shortened(value.toString()) + ")";
        return new PackageProblem(file + ": " + path + key + says + " " + mend);
    }

    private JsonNode required(String key, String kind) {
        if (!has(key)) {
            throw new PackageProblem(file + " lacks " + path + key + "; add it, " + kind);
        }
        return node.path(key);
    }

    private double number(String key, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw problem(key, "must hold finite numbers only");
        }
        return value.doubleValue();
    }

    private static String shortened(String json) {
        return json.length() <= 80 ? json : json.substring(0, 77) + "...";
    }
}
