package io.planisphere.image;

/** What the bytes of a photo give away before decoding. */
public sealed interface Sniffed {
    /** A complete image, by its structure, of a kind that is read here and within the limits. */
    record Complete(Header header) implements Sniffed {}

    /** Not worth decoding; width and height of the upright photo as its header states them, 0 where unknown. */
    record Rejected(Status why, String detail, int width, int height) implements Sniffed {}
}
