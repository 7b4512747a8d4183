package io.planisphere.image;

import org.jspecify.annotations.Nullable;

/**
 * The parsed structure of an encoded image: its header as far as it was read, and the first fault. Sizes are unsigned as stored,
 * 0 if unknown.
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

    /** The reason why an image cannot be decoded completely. */
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
