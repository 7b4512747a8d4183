package io.planisphere.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What became of a photo. Every input photo ends as exactly one row with one of these. */
public enum Status {
    /** The photo was read and the model answered. */
    OK,
    /** The reference points to nothing, or the sample holds no photo. */
    MISSING,
    /** Permission is denied, or a rule of ours forbids to fetch it. */
    FORBIDDEN,
    /** Its web server did not deliver it within the deadlines. */
    UNREACHABLE,
    /** Zero bytes. */
    EMPTY,
    /** The bytes end before the image does. */
    TRUNCATED,
    /** The bytes are no image: text, an error page, an archive. */
    NOT_AN_IMAGE,
    /** An image, but of a kind or with features that are not read here. */
    UNSUPPORTED,
    /** Over the cap on bytes or pixels; refused before decoding. */
    TOO_LARGE,
    /** The host's stand-in for a photo that is gone. */
    PLACEHOLDER,
    /** An image by its header, but the decoder failed on it. */
    UNDECODABLE,
    /** The photo or its user is on the opt-out list; it was not read. */
    OPTED_OUT,
    /** The photo was prepared, but the model failed on it alone. */
    MODEL_ERROR;

    private static final Map<String, Status> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Status::code, status -> status));

    private final String code = name().toLowerCase(Locale.ROOT);

    /** As written in the {@code status} column. */
    public String code() {
        return code;
    }

    /** The status written as {@code code}, empty if there is none. */
    public static Optional<Status> ofCode(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** All codes, comma-separated, for messages. */
    public static String codes() {
        return Arrays.stream(values()).map(Status::code).collect(Collectors.joining(", "));
    }
}
