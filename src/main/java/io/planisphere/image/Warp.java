package io.planisphere.image;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import io.planisphere.image.Preprocessing.Size;
import java.nio.DoubleBuffer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * Applies a {@link Similarity} to pixels with OpenCV's {@code warpAffine}, bilinear and black outside the photo, as in the
 * training of networks for aligned faces (InsightFace's {@code norm_crop}).
 */
final class Warp implements AutoCloseable {
    private final Mat matrix = new Mat(2, 3, CV_64F);
    private final Mat warped = new Mat();
    private final Scalar black = new Scalar(0, 0, 0, 0);

    /** Returns the transformed pixels: interleaved 8-bit RGB of {@code size}, valid until the next call. */
    Mat warp(Pixels pixels, Similarity similarity, Size size) {
        int reduction = pixels.reduction();
        double a = similarity.a() * reduction;
        double b = similarity.b() * reduction;
        DoubleBuffer values = matrix.createBuffer();
        values.put(0, a).put(1, -b).put(2, similarity.right());
        values.put(3, b).put(4, a).put(5, similarity.down());
        try (org.bytedeco.opencv.opencv_core.Size target =
                new org.bytedeco.opencv.opencv_core.Size(size.width(), size.height())) {
            warpAffine(pixels.rgb(), warped, matrix, target, INTER_LINEAR, BORDER_CONSTANT, black);
        }
        return warped;
    }

    @Override
    public void close() {
        matrix.close();
        warped.close();
        black.close();
    }
}
