package io.planisphere.image;

import java.util.Locale;

/** The method of resizing photos. */
public enum Resizing {
    /** With the package's filter, bit for bit as in Pillow: each output is a sum over all pixels that it covers. */
    EXACT,
    /**
     * By OpenCV, regardless of the package's smooth filter: from two neighbours per axis ({@code INTER_LINEAR}) if a photo is
     * less than twice as large as its target, otherwise the mean of the covered pixels ({@code INTER_AREA}).
     */
    FAST;

    /** Returns the value as written on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
