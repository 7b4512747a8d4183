package io.planisphere.spark.report;

import org.jspecify.annotations.Nullable;

/** Words of rows, cut to what a page has room for. */
final class Texts {
    private static final int MOST_CHARACTERS = 300;

    private Texts() {}

    /** At most 300 characters: of a longer text the beginning and the end, which is what names differ in. */
    static String shortened(@Nullable String text) {
        if (text == null) {
            return "";
        }
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        int half = MOST_CHARACTERS / 2;
        return text.substring(0, half) + " … " + text.substring(text.length() - half);
    }
}
