package io.planisphere.mobilenet;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The architectures by their names on the command line. */
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

    /** Returns the name on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns all names, for messages. */
    public static String codes() {
        return Arrays.stream(values()).map(Member::code).collect(Collectors.joining(", "));
    }

    /**
     * Returns the architecture with this name.
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
     * Returns the architecture for a multiplier and a resolution.
     *
     * @throws IllegalArgumentException if the multiplier or the resolution is invalid
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
     * Returns the architecture that {@code mobilenet-v1:0.5:160} names: member, width multiplier (1 if absent), resolution (224).
     *
     * @return the architecture; empty if it is not such a name but possibly that of a file
     * @throws IllegalArgumentException if it is such a name, but there is no such network
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
