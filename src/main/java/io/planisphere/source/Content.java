package io.planisphere.source;

/** What of a shard is read into memory; the rest is passed over. */
public enum Content {
    PHOTOS,
    /** What stands beside the photos, and the photos' names. */
    SIDECARS,
    PHOTOS_AND_SIDECARS;

    boolean photos() {
        return this != SIDECARS;
    }

    boolean sidecars() {
        return this != PHOTOS;
    }
}
