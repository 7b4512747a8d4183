package io.planisphere.image;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/** Undoes the eight EXIF orientations (Exif 2.32, tag 0x0112). */
final class Orientation {
    private static final int AROUND_X = 0;
    private static final int AROUND_Y = 1;
    private static final int BOTH = -1;

    private Orientation() {}

    /** Returns the upright pixels: {@code stored} itself, possibly flipped in place, or {@code spare} if rows become columns. */
    static Mat upright(Mat stored, Mat spare, int orientation) {
        if (orientation >= 5) {
            opencv_core.transpose(stored, spare);
        }
        Mat pixels = orientation >= 5 ? spare : stored;
        switch (orientation) {
            case 2, 6 -> opencv_core.flip(pixels, pixels, AROUND_Y);
            case 3, 7 -> opencv_core.flip(pixels, pixels, BOTH);
            case 4, 8 -> opencv_core.flip(pixels, pixels, AROUND_X);
            default -> {}
        }
        return pixels;
    }
}
