package io.planisphere.spark.report;

import org.jspecify.annotations.Nullable;

/** Shortens texts of rows for the page. */
final class Texts {
    private static final int MOST_CHARACTERS = 300;

    private Texts() {}

    /** Returns at most 300 characters: the beginning and the end of a longer text, where names differ. */
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
