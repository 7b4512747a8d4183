package io.planisphere.image;

/**
 * What a photo's bytes say about it before a pixel is decoded.
 *
 * @param width stored width in pixels, before the orientation is applied
 * @param height stored height in pixels, before the orientation is applied
 * @param orientation EXIF orientation, 1 (upright) to 8; 1 where the photo says nothing or something else
 * @param components colour channels as stored, alpha included; 1 for a palette
 * @param isLosslessJpeg whether it is a JPEG without a transform, which is decoded at its full size only
 */
public record Header(ImageKind kind, int width, int height, int orientation, int components, boolean isLosslessJpeg) {
    /** Of anything but a lossless JPEG. */
    public Header(ImageKind kind, int width, int height, int orientation, int components) {
        this(kind, width, height, orientation, components, false);
    }

    /** Width as the photo is meant to be seen. */
    public int uprightWidth() {
        return orientation >= 5 ? height : width;
    }

    /** Height as the photo is meant to be seen. */
    public int uprightHeight() {
        return orientation >= 5 ? width : height;
    }
}
