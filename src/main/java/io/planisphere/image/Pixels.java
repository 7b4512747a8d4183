package io.planisphere.image;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * An upright RGB photo, 8 bits per channel, in native memory that its {@link Decoder} owns: valid until that decoder's next
 * {@code decode} or {@code close}, and only on the same thread.
 *
 * <p>A JPEG that is much larger than its target may have been decoded at 1/2, 1/4 or 1/8 of its size; {@link #width} and {@link
 * #height} are still those of the whole photo.
 */
public final class Pixels {
    private final Mat rgb;
    private final int width;
    private final int height;
    private final int reduction;

    Pixels(Mat rgb, int width, int height, int reduction) {
        this.rgb = rgb;
        this.width = width;
        this.height = height;
        this.reduction = reduction;
    }

    /** Returns the width of the upright photo in pixels, before any reduction. */
    public int width() {
        return width;
    }

    /** Returns the height of the upright photo in pixels, before any reduction. */
    public int height() {
        return height;
    }

    /** Returns rows of interleaved RGB; one pixel represents {@link #reduction} squared pixels of the photo. */
    Mat rgb() {
        return rgb;
    }

    /** Returns the reduction: 1, 2, 4 or 8. */
    int reduction() {
        return reduction;
    }
}
