package io.planisphere.source;

import static io.planisphere.source.YfccParser.Column.*;

import io.planisphere.geo.LatLng;
import io.planisphere.source.YfccPhoto.Coordinates;
import io.planisphere.source.YfccPhoto.Marker;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads YFCC100M lines; see {@link YfccLine#parse}. */
final class YfccParser {
    /** The columns that both files have, in their order, after the photo id and, in the later file, the hash. */
    enum Column {
        USER_ID,
        NICKNAME,
        DATE_TAKEN,
        DATE_UPLOADED,
        DEVICE,
        TITLE,
        DESCRIPTION,
        USER_TAGS,
        MACHINE_TAGS,
        LONGITUDE,
        LATITUDE,
        ACCURACY,
        PAGE_URL,
        DOWNLOAD_URL,
        LICENCE,
        LICENCE_URL,
        SERVER,
        FARM,
        SECRET,
        ORIGINAL_SECRET,
        EXTENSION,
        MARKER
    }

    private static final int SHARED = Column.values().length;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{16,32}");
    private static final int QUOTED_CHARACTERS = 60;

    private final String[] values;

    private YfccParser(String[] values) {
        this.values = values;
    }

    static YfccLine parse(String line) {
        String[] columns = line.split("\t", -1);
        int first = columns.length - SHARED;
        if (first != 1 && first != 3) {
            return malformed("has " + columns.length + " columns, 23 or 25 expected", line);
        }
        YfccParser fields = new YfccParser(Arrays.copyOfRange(columns, first, columns.length));
        String photoId = first == 1 ? columns[0] : columns[1];
        String hash = first == 3 ? columns[2] : YfccPhoto.hashOf(fields.text(DOWNLOAD_URL));
        String marker = fields.text(MARKER).strip();
        if (photoId.isBlank()) {
            return malformed("has no photo id", line);
        }
        if (!HASH.matcher(hash).matches()) {
            return malformed("has the hash '" + hash + "', 16 to 32 hexadecimal digits expected", line);
        }
        if (!marker.equals("0") && !marker.equals("1")) {
            return malformed("has the marker '" + marker + "', 0 (photo) or 1 (video) expected", line);
        }
        return new YfccLine.Parsed(fields.photo(photoId, hash, marker.equals("1") ? Marker.VIDEO : Marker.PHOTO));
    }

    private YfccPhoto photo(String photoId, String hash, Marker marker) {
        LatLng place = place();
        boolean none = text(LONGITUDE).isBlank() && text(LATITUDE).isBlank();
        return new YfccPhoto(
                photoId,
                hash,
                text(USER_ID),
                decoded(text(NICKNAME)),
                dateTaken(),
                dateUploaded(),
                decoded(text(DEVICE)),
                decoded(text(TITLE)),
                decoded(text(DESCRIPTION)),
                tags(USER_TAGS),
                tags(MACHINE_TAGS),
                place,
                place != null ? Coordinates.POSSIBLE : none ? Coordinates.NONE : Coordinates.IMPOSSIBLE,
                integer(ACCURACY),
                text(PAGE_URL),
                text(DOWNLOAD_URL),
                text(LICENCE),
                text(LICENCE_URL),
                integer(SERVER),
                integer(FARM),
                text(SECRET),
                text(ORIGINAL_SECRET),
                text(EXTENSION),
                marker);
    }

    private String text(Column column) {
        return values[column.ordinal()];
    }

    private @Nullable LatLng place() {
        try {
            return LatLng.of(Double.parseDouble(text(LATITUDE)), Double.parseDouble(text(LONGITUDE)))
                    .orElse(null);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable LocalDateTime dateTaken() {
        try {
            return LocalDateTime.parse(text(DATE_TAKEN).strip().replace(' ', 'T'));
        } catch (DateTimeException e) {
            return null; // such as 0000-00-00 00:00:00.0
        }
    }

    private @Nullable Instant dateUploaded() {
        try {
            return Instant.ofEpochSecond(Long.parseLong(text(DATE_UPLOADED).strip()));
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    private @Nullable Integer integer(Column column) {
        try {
            return Integer.valueOf(text(column).strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    // a comma inside a tag is written %2C, so the tags are split before they are decoded
    private List<String> tags(Column column) {
        String tags = text(column);
        return tags.isEmpty()
                ? List.of()
                : Arrays.stream(tags.split(",", -1))
                        .filter(tag -> !tag.isEmpty())
                        .map(YfccParser::decoded)
                        .toList();
    }

    private static String decoded(String form) {
        if (form.indexOf('%') < 0 && form.indexOf('+') < 0) {
            return form;
        }
        try {
            return URLDecoder.decode(form, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return form; // not form-encoded after all
        }
    }

    private static String md5Hex(String line) {
        return HexFormat.of().formatHex(YfccPhoto.md5(line));
    }

    private static YfccLine malformed(String what, String line) {
        String beginning = line.length() <= QUOTED_CHARACTERS ? line : line.substring(0, QUOTED_CHARACTERS) + "...";
        return new YfccLine.Malformed(md5Hex(line), "The line " + what + ": " + beginning);
    }
}
