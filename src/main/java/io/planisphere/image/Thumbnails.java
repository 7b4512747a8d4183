package io.planisphere.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Size;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Makes small JPEGs of photos, upright and without their metadata. Use one per task: it owns native buffers, and is not
 * thread-safe.
 */
public final class Thumbnails implements AutoCloseable {
    private static final List<Integer> QUALITIES = List.of(75, 50, 25);

    private final Decoder decoder = new Decoder(ImageLimits.DEFAULT);
    private final int longestSide;
    private final int mostBytes;
    private final Preprocessing target;

    /**
     * @param longestSide maximum length of the longer side in pixels; smaller photos keep their size
     * @param mostBytes maximum size of one JPEG in bytes
     */
    public Thumbnails(int longestSide, int mostBytes) {
        this.longestSide = longestSide;
        this.mostBytes = mostBytes;
        this.target = new Preprocessing(
                new Preprocessing.Resize.ShortestSide(longestSide),
                new Size(longestSide, longestSide),
                Resampling.BILINEAR,
                1,
                List.of(0.0, 0.0, 0.0),
                List.of(1.0, 1.0, 1.0),
                Layout.NCHW);
    }

    /** Returns the JPEG; empty if the photo cannot be decoded, or the JPEG would be too large. */
    public Optional<byte[]> of(byte[] photo) {
        if (!(decoder.decode(photo, target) instanceof Decoded.Ok ok)) {
            return Optional.empty();
        }
        Mat rgb = ok.pixels().rgb();
        double scale = Math.min(1, longestSide / (double) Math.max(rgb.cols(), rgb.rows()));
        int width = (int) Math.max(1, Math.round(scale * rgb.cols()));
        int height = (int) Math.max(1, Math.round(scale * rgb.rows()));
        try (Mat small = new Mat();
                org.bytedeco.opencv.opencv_core.Size size = new org.bytedeco.opencv.opencv_core.Size(width, height)) {
            resize(rgb, small, size, 0, 0, INTER_AREA);
            cvtColor(small, small, COLOR_RGB2BGR);
            return QUALITIES.stream()
                    .map(quality -> encoded(small, quality))
                    .filter(jpeg -> jpeg.length <= mostBytes)
                    .findFirst();
        }
    }

    private static byte[] encoded(Mat bgr, int quality) {
        try (BytePointer jpeg = new BytePointer();
                IntPointer options = new IntPointer(IMWRITE_JPEG_QUALITY, quality)) {
            imencode(".jpg", bgr, jpeg, options);
            byte[] bytes = new byte[(int) jpeg.limit()];
            jpeg.get(bytes);
            return bytes;
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}
