package io.planisphere.image;

import java.util.Locale;

/** The method of resizing photos. */
public enum Resizing {
    /** With the package's filter, bit for bit as in Pillow: each output is a sum over all pixels that it covers. */
    EXACT(4),
    /**
     * By OpenCV, regardless of the package's smooth filter: from two neighbours per axis ({@code INTER_LINEAR}) if a photo is
     * less than twice as large as its target, otherwise the mean of the covered pixels ({@code INTER_AREA}). A JPEG that is at
     * least twice as large is decoded at a reduced size first.
     */
    FAST(1);

    private final double reducingGap;

    Resizing(double reducingGap) {
        this.reducingGap = reducingGap;
    }

    /**
     * Returns the default reducing gap. At 4 and for targets of 64 pixels or more the result is within 0.46/255 (mean absolute
     * difference, 408 photos) of a full decode; at 3 some photos differ by 0.6, and so do some at targets of 40 pixels.
     */
    public double reducingGap() {
        return reducingGap;
    }

    /** Returns the value as written on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
