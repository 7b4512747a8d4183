package io.planisphere.image;

/** The supported image formats; every other format results in {@link Status#UNSUPPORTED}. */
public enum ImageKind {
    JPEG,
    PNG,
    WEBP,
    GIF,
    TIFF,
    BMP
}
