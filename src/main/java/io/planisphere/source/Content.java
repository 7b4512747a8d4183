package io.planisphere.source;

/** The part of a shard to read into memory; the rest is skipped. */
public enum Content {
    PHOTOS,
    /** The files beside the photos, and the photos' names. */
    SIDECARS,
    PHOTOS_AND_SIDECARS;

    boolean photos() {
        return this != SIDECARS;
    }

    boolean sidecars() {
        return this != PHOTOS;
    }
}
