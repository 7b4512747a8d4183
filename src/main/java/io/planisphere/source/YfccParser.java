package io.planisphere.source;

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
    // Number of columns of the later file; the earlier one has the photo id, then all columns from the user's id on.
    private static final int COLUMNS = 25;
    private static final int EARLIER_COLUMNS = 23;
    private static final int PHOTO_ID = 1;
    private static final int HASH = 2;
    private static final int USER_ID = 3;
    private static final int NICKNAME = 4;
    private static final int DATE_TAKEN = 5;
    private static final int DATE_UPLOADED = 6;
    private static final int DEVICE = 7;
    private static final int TITLE = 8;
    private static final int DESCRIPTION = 9;
    private static final int USER_TAGS = 10;
    private static final int MACHINE_TAGS = 11;
    private static final int LONGITUDE = 12;
    private static final int LATITUDE = 13;
    private static final int ACCURACY = 14;
    private static final int PAGE_URL = 15;
    private static final int DOWNLOAD_URL = 16;
    private static final int LICENCE = 17;
    private static final int LICENCE_URL = 18;
    private static final int SERVER = 19;
    private static final int FARM = 20;
    private static final int SECRET = 21;
    private static final int ORIGINAL_SECRET = 22;
    private static final int EXTENSION = 23;
    private static final int MARKER = 24;

    private static final Pattern HASH_DIGITS = Pattern.compile("[0-9a-f]{16,32}");
    private static final int QUOTED_CHARACTERS = 60;

    private final String[] values;
    private final int missingColumns;

    private YfccParser(String[] values) {
        this.values = values;
        this.missingColumns = COLUMNS - values.length;
    }

    static YfccLine parse(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length != COLUMNS && columns.length != EARLIER_COLUMNS) {
            return malformed("has " + columns.length + " columns, 23 or 25 expected", line);
        }
        YfccParser fields = new YfccParser(columns);
        boolean earlier = columns.length == EARLIER_COLUMNS;
        String photoId = columns[earlier ? 0 : PHOTO_ID];
        String hash = earlier ? YfccPhoto.hashOf(fields.text(DOWNLOAD_URL)) : columns[HASH];
        String marker = fields.text(MARKER).strip();
        if (photoId.isBlank()) {
            return malformed("has no photo id", line);
        }
        if (!HASH_DIGITS.matcher(hash).matches()) {
            return malformed("has the hash '" + beginning(hash) + "', 16 to 32 hexadecimal digits expected", line);
        }
        if (!marker.equals("0") && !marker.equals("1")) {
            return malformed("has the marker '" + beginning(marker) + "', 0 (photo) or 1 (video) expected", line);
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

    private String text(int column) {
        return values[column - missingColumns];
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
            return null; // for example 0000-00-00 00:00:00.0
        }
    }

    private @Nullable Instant dateUploaded() {
        try {
            return Instant.ofEpochSecond(Long.parseLong(text(DATE_UPLOADED).strip()));
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    private @Nullable Integer integer(int column) {
        try {
            return Integer.valueOf(text(column).strip());
        } catch (NumberFormatException e) {
            return null;
        }
    }

    // a comma inside a tag is written %2C, so the tags are split before they are decoded
    private List<String> tags(int column) {
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
        return new YfccLine.Malformed(md5Hex(line), "The line " + what + ": " + beginning(line));
    }

    private static String beginning(String text) {
        return text.length() <= QUOTED_CHARACTERS ? text : text.substring(0, QUOTED_CHARACTERS) + "...";
    }
}
