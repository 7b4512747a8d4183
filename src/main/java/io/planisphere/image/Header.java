package io.planisphere.image;

/**
 * The header of a photo, read before pixels are decoded.
 *
 * @param width stored width in pixels, before the orientation is applied
 * @param height stored height in pixels, before the orientation is applied
 * @param orientation EXIF orientation, 1 (upright) to 8; 1 if it is absent or invalid
 * @param components colour channels as stored, alpha included; 1 for a palette
 * @param isLosslessJpeg whether it is a JPEG without a transform, which can be decoded at full size only
 */
public record Header(ImageKind kind, int width, int height, int orientation, int components, boolean isLosslessJpeg) {
    /** Creates the header of anything but a lossless JPEG. */
    public Header(ImageKind kind, int width, int height, int orientation, int components) {
        this(kind, width, height, orientation, components, false);
    }

    /** Returns the width of the upright photo. */
    public int uprightWidth() {
        return orientation >= 5 ? height : width;
    }

    /** Returns the height of the upright photo. */
    public int uprightHeight() {
        return orientation >= 5 ? width : height;
    }
}
