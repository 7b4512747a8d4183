package io.planisphere.image;

import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.planisphere.image.Preprocessing.Size;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/** Implements {@link Resizing#FAST}. Reusable; not thread-safe. */
final class FastResizer implements AutoCloseable {
    private final Mat whole = new Mat();
    private final Mat window = new Mat();

    /**
     * Resizes the photo and cuts a window out of it.
     *
     * @param size size of the whole photo after resizing
     * @return interleaved 8-bit RGB without gaps; valid until the next call
     */
    Mat resized(Mat rgb, Size size, int left, int top, int width, int height) {
        boolean isNear = rgb.cols() < 2 * size.width() && rgb.rows() < 2 * size.height();
        try (org.bytedeco.opencv.opencv_core.Size target =
                new org.bytedeco.opencv.opencv_core.Size(size.width(), size.height())) {
            resize(rgb, whole, target, 0, 0, isNear ? INTER_LINEAR : INTER_AREA);
        }
        try (Rect place = new Rect(left, top, width, height);
                Mat part = new Mat(whole, place)) {
            part.copyTo(window);
        }
        return window;
    }

    @Override
    public void close() {
        whole.close();
        window.close();
    }
}
