package io.planisphere.source;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code --format} may say. */
public enum InputFormat {
    /** By name and content of each input. */
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
     * The format named {@code code}.
     *
     * @throws InputException naming the formats that there are
     */
    public static InputFormat ofCode(String code) {
        return Arrays.stream(values())
                .filter(format -> format.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new InputException("There is no format '" + code + "'; give one of "
                        + Arrays.stream(values()).map(InputFormat::code).collect(Collectors.joining(", "))));
    }
}
