package io.planisphere.source;

import java.util.regex.Pattern;

/** Hadoop's globs. */
public final class Globs {
    private static final Pattern SPECIAL = Pattern.compile("[\\\\*?\\[\\]{}^,]");

    private Globs() {}

    /** The glob that matches {@code path} and nothing else. */
    public static String literal(String path) {
        return SPECIAL.matcher(path).replaceAll("\\\\$0");
    }
}
