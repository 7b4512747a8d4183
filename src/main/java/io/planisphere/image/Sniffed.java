package io.planisphere.image;

/** The result of checking the bytes of a photo before decoding. */
public sealed interface Sniffed {
    /** A structurally complete image in a supported format and within the limits. */
    record Complete(Header header) implements Sniffed {}

    /** A photo that cannot be decoded; width and height of the upright photo according to its header, 0 if unknown. */
    record Rejected(Status why, String detail, int width, int height) implements Sniffed {}
}
