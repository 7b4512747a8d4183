package io.planisphere.model;

import java.util.Locale;

/** The task of a package's network. */
public enum Task {
    /** Predicts where a photo was taken: a score per geo-cell of cells.csv. */
    LOCATE,
    /** Classifies a photo: a score per label of config.json. */
    CLASSIFY,
    /** Computes an embedding, without scores. */
    EMBED,
    /** Detects objects in a photo: boxes, each with a label of config.json and a score. */
    DETECT,
    /** Predicts attributes of a face: named values. */
    ATTRIBUTES;

    /** Returns the name in manifest.json. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
