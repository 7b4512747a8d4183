package io.planisphere.image;

import org.jspecify.annotations.Nullable;

/**
 * What walking through an encoded image found: its header as far as it was seen, and the first fault of its structure.
 * Sizes are unsigned as stored, 0 while unknown.
 */
record Structure(
        ImageKind kind,
        long width,
        long height,
        int orientation,
        int components,
        boolean isLosslessJpeg,
        @Nullable Fault fault) {
    Structure(ImageKind kind, long width, long height, int orientation, int components, @Nullable Fault fault) {
        this(kind, width, height, orientation, components, false, fault);
    }

    /** Why an image cannot be decoded, or not whole. */
    record Fault(Status why, String detail) {}

    static Fault truncated(String detail) {
        return new Fault(Status.TRUNCATED, detail);
    }

    static Fault unsupported(String detail) {
        return new Fault(Status.UNSUPPORTED, detail);
    }

    static Fault undecodable(String detail) {
        return new Fault(Status.UNDECODABLE, detail);
    }
}
