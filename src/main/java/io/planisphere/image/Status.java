package io.planisphere.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The result status of a photo. Every input photo results in exactly one row with one of these. */
public enum Status {
    /** The photo was read and the model processed it. */
    OK,
    /** The reference points to nothing, or the sample has no photo. */
    MISSING,
    /** Permission was denied, or a rule forbids fetching the photo. */
    FORBIDDEN,
    /** The photo's web server did not deliver it within the deadlines. */
    UNREACHABLE,
    /** The photo has zero bytes. */
    EMPTY,
    /** The image is truncated. */
    TRUNCATED,
    /** The bytes are not an image: text, an error page, an archive. */
    NOT_AN_IMAGE,
    /** An image in an unsupported format, or with unsupported features. */
    UNSUPPORTED,
    /** The photo exceeds the limit on bytes or pixels; rejected before decoding. */
    TOO_LARGE,
    /** The host's placeholder for a deleted photo. */
    PLACEHOLDER,
    /** The header is that of an image, but the decoder failed. */
    UNDECODABLE,
    /** The photo or its user is on the opt-out list; the photo was not read. */
    OPTED_OUT,
    /** The photo was decoded, but the model failed when run on it alone. */
    MODEL_ERROR;

    private static final Map<String, Status> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Status::code, status -> status));

    private final String code = name().toLowerCase(Locale.ROOT);

    /** Returns the value in the {@code status} column. */
    public String code() {
        return code;
    }

    /** Returns the status written as {@code code}, empty if there is none. */
    public static Optional<Status> ofCode(String code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /** Returns all codes, comma-separated, for messages. */
    public static String codes() {
        return Arrays.stream(values()).map(Status::code).collect(Collectors.joining(", "));
    }
}
