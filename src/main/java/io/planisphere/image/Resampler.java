package io.planisphere.image;

import static org.bytedeco.opencv.global.opencv_core.CV_32S;
import static org.bytedeco.opencv.global.opencv_core.CV_32SC3;
import static org.bytedeco.opencv.global.opencv_core.CV_8U;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.transpose;

import java.nio.IntBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Pillow's two-pass resampling in fixed point: width first, then height, rounded to 8 bits after each.
 *
 * <p>Both passes are sums of whole rows ({@link WeightedRows}). For the first pass OpenCV therefore transposes the photo, and
 * transposes it back afterwards; OpenCV also clamps the sums to 0 to 255. This takes half the time of the plain loop over taps.
 */
final class Resampler implements AutoCloseable {
    // pixels of one band, which bounds memory for photos of any shape; a 500-pixel photo is one band
    private static final int BAND_PIXELS = 1 << 17;

    // native buffers that only grow: allocating them for each photo would cost more than the arithmetic
    private BytePointer turned = new BytePointer(0);
    private IntPointer wide = new IntPointer(0);
    private IntPointer narrow = new IntPointer(0);
    private BytePointer cutOff = new BytePointer(0);
    private BytePointer back = new BytePointer(0);
    private IntPointer lines = new IntPointer(0);
    private IntPointer sums = new IntPointer(0);
    private final Mat resampled = new Mat();
    private int[][] inputs = new int[0][];
    private int[] sum = new int[0];

    /**
     * Resamples the window that the taps select.
     *
     * @return interleaved 8-bit RGB, one pixel for each output of {@code columns} and {@code rows}; valid until the next call
     */
    Mat resample(Mat rgb, Taps columns, Taps rows) {
        int width = columns.high() - columns.low();
        int height = rows.high() - rows.low();
        int bands = (int) Math.min(height, 1 + (long) width * height / BAND_PIXELS);
        int values = 3 * columns.outputs();
        if (sums.capacity() < (long) values * rows.outputs()) {
            sums.close();
            sums = new IntPointer((long) values * rows.outputs());
        }
        try (Mat unrounded = new Mat(rows.outputs(), columns.outputs(), CV_32SC3, sums)) {
            LineSums lineSums = new LineSums(rows, values, sums.asBuffer());
            for (int band = 0; band < bands; band++) {
                int from = rows.low() + (int) ((long) height * band / bands);
                int to = rows.low() + (int) ((long) height * (band + 1) / bands);
                try (Rect window = new Rect(columns.low(), from, width, to - from);
                        Mat part = new Mat(rgb, window)) {
                    narrow(part, columns);
                }
                lineSums.add(lines.asBuffer(), from, to);
            }
            unrounded.convertTo(resampled, CV_8U);
        }
        return resampled;
    }

    /** Writes the part's rows, resampled in width, to {@code lines}. */
    private void narrow(Mat part, Taps columns) {
        int height = 3 * part.rows();
        grow(part.cols() * height, columns.outputs() * height);
        try (Mat onSide = new Mat(part.cols(), part.rows(), CV_8UC3, turned);
                Mat asInts = new Mat(part.cols(), part.rows(), CV_32SC3, wide)) {
            transpose(part, onSide);
            onSide.convertTo(asInts, CV_32S);
        }
        sumColumns(columns, height);
        try (Mat onSide = new Mat(columns.outputs(), part.rows(), CV_32SC3, narrow);
                Mat bytes = new Mat(columns.outputs(), part.rows(), CV_8UC3, cutOff);
                Mat upright = new Mat(part.rows(), columns.outputs(), CV_8UC3, back);
                Mat asInts = new Mat(part.rows(), columns.outputs(), CV_32SC3, lines)) {
            onSide.convertTo(bytes, CV_8U);
            transpose(bytes, upright);
            upright.convertTo(asInts, CV_32S);
        }
    }

    private void sumColumns(Taps columns, int height) {
        if (inputs.length < columns.most() || sum.length < height) {
            inputs = new int[Math.max(columns.most(), inputs.length)][Math.max(height, sum.length)];
            sum = new int[Math.max(height, sum.length)];
        }
        IntBuffer from = wide.asBuffer();
        IntBuffer to = narrow.asBuffer();
        int fetched = columns.low();
        for (int x = 0; x < columns.outputs(); x++) {
            int end = columns.first(x) + columns.count(x);
            for (fetched = Math.max(fetched, columns.first(x)); fetched < end; fetched++) {
                from.get((fetched - columns.low()) * height, inputs[fetched % inputs.length], 0, height);
            }
            WeightedRows.sum(inputs, columns, x, sum, height);
            to.put(x * height, sum, 0, height);
        }
    }

    /** The second pass: rows arrive in bands, and each output is computed when its last row is available. */
    private static final class LineSums {
        private final Taps rows;
        private final int values;
        private final IntBuffer sums;
        private final int[][] inputs;
        private final int[] sum;
        private int made;

        LineSums(Taps rows, int values, IntBuffer sums) {
            this.rows = rows;
            this.values = values;
            this.sums = sums;
            inputs = new int[rows.most()][values];
            sum = new int[values];
        }

        void add(IntBuffer lines, int from, int to) {
            for (int y = from; y < to; y++) {
                lines.get((y - from) * values, inputs[y % inputs.length], 0, values);
                for (; made < rows.outputs() && rows.first(made) + rows.count(made) <= y + 1; made++) {
                    WeightedRows.sum(inputs, rows, made, sum, values);
                    sums.put(made * values, sum, 0, values);
                }
            }
        }
    }

    private void grow(int before, int after) {
        if (turned.capacity() < before) {
            turned.close();
            wide.close();
            turned = new BytePointer(before);
            wide = new IntPointer(before);
        }
        if (narrow.capacity() < after) {
            closeNarrow();
            narrow = new IntPointer(after);
            cutOff = new BytePointer(after);
            back = new BytePointer(after);
            lines = new IntPointer(after);
        }
    }

    private void closeNarrow() {
        narrow.close();
        cutOff.close();
        back.close();
        lines.close();
    }

    @Override
    public void close() {
        turned.close();
        wide.close();
        closeNarrow();
        sums.close();
        resampled.close();
    }
}
