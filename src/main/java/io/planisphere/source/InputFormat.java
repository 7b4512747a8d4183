package io.planisphere.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The values of {@code --format}. */
public enum InputFormat {
    /** Detected from the name and content of each input. */
    AUTO,
    WEBDATASET,
    IMAGESEQUENCE,
    PARQUET,
    MANIFEST,
    FOLDER,
    YFCC100M;

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the format named {@code code}.
     *
     * @throws InputException if it is unknown; the message lists all formats
     */
    public static InputFormat ofCode(String code) {
        return Arrays.stream(values())
                .filter(format -> format.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new InputException("There is no format '" + code + "'; give one of "
                        + Arrays.stream(values()).map(InputFormat::code).collect(Collectors.joining(", "))));
    }
}
