package io.planisphere.image;

/** The result of decoding a photo. */
public sealed interface Decoded {
    /** Upright RGB pixels, valid until the decoder's next photo. */
    record Ok(Pixels pixels) implements Decoded {}

    /**
     * No pixels.
     *
     * @param detail one-line reason with the value
     * @param width width of the upright photo according to its header, 0 if unknown
     * @param height height of the upright photo according to its header, 0 if unknown
     */
    record Rejected(Status why, String detail, int width, int height) implements Decoded {}
}
