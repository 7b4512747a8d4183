package io.planisphere.image;

/** The kinds of image that are read here; every other kind ends as {@link Status#UNSUPPORTED}. */
public enum ImageKind {
    JPEG,
    PNG,
    WEBP,
    GIF,
    TIFF,
    BMP
}
