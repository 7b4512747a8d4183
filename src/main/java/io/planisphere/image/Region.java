package io.planisphere.image;

/**
 * A square part of a photo, in pixels of the upright photo. It may reach beyond the photo, or lie outside: there is black.
 *
 * @param left of its first column; negative where it begins before the photo
 * @param top likewise
 * @param side in pixels, 1 at least
 */
public record Region(int left, int top, int side) {
    public Region {
        if (side < 1) {
            throw new IllegalArgumentException("Side of a region must be at least 1, got " + side);
        }
    }
}
