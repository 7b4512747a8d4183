package io.planisphere.image;

import java.io.Serializable;

/**
 * What a photo may cost at most; checked against its length and its header, before anything is decoded.
 *
 * @param maxPixels stored width times height
 * @param maxBytes length of the encoded photo
 */
public record ImageLimits(long maxPixels, long maxBytes) implements Serializable {
    /** 100 megapixels and 64 MiB: above the largest cameras, below what hurts an executor. */
    public static final ImageLimits DEFAULT = new ImageLimits(100_000_000, 64L << 20);

    public ImageLimits {
        if (maxPixels < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "Limits must be at least 1, got " + maxPixels + " pixels and " + maxBytes + " bytes");
        }
    }
}
