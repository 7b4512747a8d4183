package io.planisphere.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Finds the ids of a photo and its user in metadata. */
public final class SidecarIds {
    /** Names of the user in tables and sidecars, the most likely first; case-insensitive. */
    public static final List<String> USER = List.of("user", "user_id", "author", "uid", "owner", "photographer");

    private static final Set<String> NAMES = new TreeSet<>(USER);

    static {
        NAMES.addAll(List.of("id", "photo_id", "photoid", "img_id"));
    }

    private static final JsonFactory JSON = new JsonFactory();

    private SidecarIds() {}

    /** Returns whether a field of this name has an id of the photo or of its user. */
    static boolean isName(String name) {
        return NAMES.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * Returns whether the test holds for an id of the photo or of its user: a value of such a name at the top of the JSON object,
     * or one directly inside it, as in {@code "owner": {"nsid": …}}. In malformed JSON, ids before the first syntax error count.
     */
    static boolean anyOf(byte[] json, Predicate<String> test) {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean named = isName(parser.currentName());
                JsonToken value = parser.nextToken();
                if (!named) {
                    parser.skipChildren();
                } else if (value.isStructStart() ? anyInside(parser, test) : passes(parser, test)) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false; // reading from memory cannot fail, so this is not JSON
        }
        return false;
    }

    private static boolean anyInside(JsonParser parser, Predicate<String> test) throws IOException {
        for (JsonToken token = parser.nextToken(); token != null && !token.isStructEnd(); token = parser.nextToken()) {
            if (token.isStructStart()) {
                parser.skipChildren();
            } else if (passes(parser, test)) {
                return true;
            }
        }
        return false;
    }

    private static boolean passes(JsonParser parser, Predicate<String> test) throws IOException {
        JsonToken token = parser.currentToken();
        return (token == JsonToken.VALUE_STRING || token.isNumeric())
                && test.test(parser.getText().strip());
    }
}
