package io.planisphere.model;

import java.util.Locale;

/** What a package's network answers. */
public enum Task {
    /** Where was the photo taken: a score per geo-cell of cells.csv. */
    LOCATE,
    /** What does the photo show: a score per label of config.json. */
    CLASSIFY,
    /** No scores, only an embedding. */
    EMBED,
    /** What stands where in the photo: boxes, each with a label of config.json and a score. */
    DETECT,
    /** What is to be seen of a face: values with names of their own. */
    ATTRIBUTES;

    /** As written in manifest.json. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
