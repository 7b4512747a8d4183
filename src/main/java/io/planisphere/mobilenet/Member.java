package io.planisphere.mobilenet;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The architectures by the names that command lines give them. */
public enum Member {
    MOBILENET_V1,
    MOBILENET_V1_CONV,
    MOBILENET_V1_SHALLOW,
    MOBILENET_V2,
    MOBILENET_V3_LARGE,
    MOBILENET_V3_SMALL;

    private static final Pattern DESCRIPTION =
            Pattern.compile("(mobilenet-[a-z0-9-]+)(?::([0-9.]+)(?::([0-9]{1,9}))?)?");
    private static final int USUAL_RESOLUTION = 224;

    /** As command lines write it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All codes, for messages. */
    public static String codes() {
        return Arrays.stream(values()).map(Member::code).collect(Collectors.joining(", "));
    }

    /**
     * The member of that code.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Member ofCode(String code) {
        return Arrays.stream(values())
                .filter(member -> member.code().equals(code))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("There is no architecture " + code + "; there are " + codes()));
    }

    /**
     * The network.
     *
     * @throws IllegalArgumentException if such a multiplier or resolution makes none
     */
    public Architecture of(double width, int resolution) {
        return switch (this) {
            case MOBILENET_V1 -> MobileNetV1.of(width, resolution);
            case MOBILENET_V1_CONV -> MobileNetV1.convolutional(width, resolution);
            case MOBILENET_V1_SHALLOW -> MobileNetV1.shallow(width, resolution);
            case MOBILENET_V2 -> MobileNetV2.of(width, resolution);
            case MOBILENET_V3_LARGE -> MobileNetV3.large(width, resolution);
            case MOBILENET_V3_SMALL -> MobileNetV3.small(width, resolution);
        };
    }

    /**
     * The architecture that {@code mobilenet-v1:0.5:160} names: member, width multiplier (1 if absent), resolution (224).
     *
     * @return empty if it is no such name, but perhaps a file's
     * @throws IllegalArgumentException if it is one, of no network
     */
    public static Optional<Architecture> described(String description) {
        Matcher parts = DESCRIPTION.matcher(description);
        boolean isFolder = parts.matches()
                && parts.group(2) == null
                && Arrays.stream(values()).noneMatch(member -> member.code().equals(description));
        if (!parts.matches() || isFolder) {
            return Optional.empty();
        }
        double width = parts.group(2) == null ? 1 : number(description, parts.group(2));
        int resolution = parts.group(3) == null ? USUAL_RESOLUTION : Integer.parseInt(parts.group(3));
        return Optional.of(ofCode(parts.group(1)).of(width, resolution));
    }

    private static double number(String description, String multiplier) {
        try {
            return Double.parseDouble(multiplier);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "The width multiplier in " + description + " is no number: " + multiplier, e);
        }
    }
}
