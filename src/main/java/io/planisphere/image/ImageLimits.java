package io.planisphere.image;

import java.io.Serializable;

/**
 * Limits on photos, checked against their length and header before anything is decoded, and options for the decoding of large
 * photos and for resizing.
 *
 * @param maxPixels stored width times height
 * @param maxBytes length of the encoded photo
 * @param reducingGap minimum pixels per target pixel and axis after a reduced decode, at least 1; smaller values are faster but
 *     deviate more from a full decode. The term is Pillow's
 * @param resizing resizing of whole photos
 */
public record ImageLimits(long maxPixels, long maxBytes, double reducingGap, Resizing resizing)
        implements Serializable {
    /**
     * The defaults, 100 megapixels and 64 MiB: more than the largest cameras produce, and small enough for an executor's memory.
     */
    public static final ImageLimits DEFAULT = new ImageLimits(100_000_000, 64L << 20);

    public ImageLimits {
        if (maxPixels < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "Limits must be at least 1, got " + maxPixels + " pixels and " + maxBytes + " bytes");
        }
        if (!(reducingGap >= 1)) {
            throw new IllegalArgumentException("The reducing gap must be at least 1, got " + reducingGap);
        }
    }

    /** Creates limits with a reduced decode that changes almost nothing, and the exact resize. */
    public ImageLimits(long maxPixels, long maxBytes) {
        this(maxPixels, maxBytes, Resizing.EXACT.reducingGap(), Resizing.EXACT);
    }
}
