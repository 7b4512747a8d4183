package io.planisphere.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.split;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import io.planisphere.image.Preprocessing.Channels;
import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Size;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** Converts one photo's tensor of 8-bit values from interleaved pixels to the rule's layout. Reusable; not thread-safe. */
final class Canvas implements AutoCloseable {
    private static final int AROUND_VERTICAL_AXIS = 1;

    private final Size size;
    private final Layout layout;
    private final boolean swaps;
    private final Scalar black = new Scalar(0, 0, 0, 0);
    private final Mat frame;
    private final Mat mirrored = new Mat();
    private final Mat swapped = new Mat();
    private final BytePointer planes;
    private final MatVector channels;

    Canvas(Preprocessing rule) {
        size = rule.crop();
        layout = rule.layout();
        swaps = rule.channels() == Channels.BGR;
        frame = new Mat(size.height(), size.width(), CV_8UC3, black);
        planes = new BytePointer(rule.elements());
        long plane = (long) size.width() * size.height();
        try (Mat red = channel(swaps ? 2 * plane : 0);
                Mat green = channel(plane);
                Mat blue = channel(swaps ? 0 : 2 * plane)) {
            channels = new MatVector(red, green, blue); // copies headers only; the values stay in the planes
        }
    }

    private Mat channel(long offset) {
        Mat channel = new Mat(size.height(), size.width(), CV_8UC1, planes.position(offset));
        planes.position(0);
        return channel;
    }

    /**
     * Writes the tensor of pixels that fill the canvas, or are placed on it with black around them.
     *
     * @param rgb interleaved, 8 bits per channel
     * @param left column of the canvas for their first column
     * @param isMirrored whether to mirror the result horizontally
     */
    void write(Mat rgb, int left, int top, boolean isMirrored, ByteBuffer target, int offset) {
        boolean fills = rgb.cols() == size.width() && rgb.rows() == size.height();
        if (!fills) {
            frame.put(black);
            try (Rect place = new Rect(left, top, rgb.cols(), rgb.rows());
                    Mat part = new Mat(frame, place)) {
                rgb.copyTo(part);
            }
        }
        Mat photo = fills ? rgb : frame;
        if (isMirrored) {
            flip(photo, mirrored, AROUND_VERTICAL_AXIS);
            photo = mirrored;
        }
        write(photo, target, offset);
    }

    /** Writes the tensor of a black photo. */
    void writeBlack(ByteBuffer target, int offset) {
        frame.put(black);
        write(frame, target, offset);
    }

    private void write(Mat photo, ByteBuffer target, int offset) {
        Mat interleaved = photo;
        if (layout == Layout.NCHW) {
            split(photo, channels);
        } else if (swaps) {
            cvtColor(photo, swapped, COLOR_RGB2BGR);
            interleaved = swapped;
        }
        ByteBuffer values = layout == Layout.NCHW ? planes.asBuffer() : interleaved.createBuffer();
        target.put(offset, values, 0, 3 * size.width() * size.height());
    }

    @Override
    public void close() {
        channels.close();
        planes.close();
        mirrored.close();
        swapped.close();
        frame.close();
        black.close();
    }
}
