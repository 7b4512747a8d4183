package io.planisphere.image;

/** What became of a photo's bytes. */
public sealed interface Decoded {
    /** Upright RGB pixels, valid until the decoder's next photo. */
    record Ok(Pixels pixels) implements Decoded {}

    /**
     * No pixels.
     *
     * @param detail one line: what, which value
     * @param width of the upright photo as its header states it, 0 where unknown
     * @param height likewise
     */
    record Rejected(Status why, String detail, int width, int height) implements Decoded {}
}
