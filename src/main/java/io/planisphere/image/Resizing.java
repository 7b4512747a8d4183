package io.planisphere.image;

import java.util.Locale;

/** How photos are resized. */
public enum Resizing {
    /** With the package's filter as Pillow applies it, bit for bit: each output is a sum over all pixels that it covers. */
    EXACT,
    /**
     * By OpenCV, whatever smooth filter the package names: from two neighbours per axis ({@code INTER_LINEAR}) where a photo is
     * less than twice as large as its target, else the mean of the pixels covered ({@code INTER_AREA}).
     */
    FAST;

    /** As it stands on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
