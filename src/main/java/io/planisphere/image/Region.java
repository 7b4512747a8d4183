package io.planisphere.image;

/**
 * A part of a photo, in pixels of the upright photo. It may reach beyond the photo, or lie outside: there is black.
 *
 * @param left of its first column; negative where it begins before the photo
 * @param top likewise
 * @param width in pixels, 1 at least
 * @param height likewise
 */
public record Region(int left, int top, int width, int height) implements Cut {
    public Region {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("Sides of a region must be at least 1, got " + width + " x " + height);
        }
    }

    /** A region as wide as high. */
    public static Region square(int left, int top, int side) {
        return new Region(left, top, side, side);
    }
}
