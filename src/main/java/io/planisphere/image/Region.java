package io.planisphere.image;

/**
 * A part of a photo, in pixels of the upright photo. It may extend beyond the photo or be outside; pixels outside are black.
 *
 * @param left x of its first column; negative if it begins left of the photo
 * @param top y of its first row; negative if it begins above the photo
 * @param width width in pixels, at least 1
 * @param height height in pixels, at least 1
 */
public record Region(int left, int top, int width, int height) implements Cut {
    public Region {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("Sides of a region must be at least 1, got " + width + " x " + height);
        }
    }

    /** Returns a square region. */
    public static Region square(int left, int top, int side) {
        return new Region(left, top, side, side);
    }
}
