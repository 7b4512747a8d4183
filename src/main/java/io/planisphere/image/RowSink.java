package io.planisphere.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

/** Writes rows of interleaved RGB, whole or in parts and in any order, into a decoder's pixels. */
final class RowSink implements AutoCloseable {
    private final BytePointer data;
    private final long step;

    /** Sets {@code target} to a black image of this size. */
    RowSink(Mat target, int width, int height) {
        target.create(height, width, CV_8UC3);
        step = target.step();
        data = target.data().capacity(step * height);
        BytePointer.memset(data, 0, step * height);
    }

    /** Writes the first {@code pixels} of {@code rgb} to row {@code y} from column {@code x} on. */
    void put(int x, int y, byte[] rgb, int pixels) {
        data.position(y * step + 3L * x).put(rgb, 0, 3 * pixels);
    }

    @Override
    public void close() {
        data.close();
    }
}
