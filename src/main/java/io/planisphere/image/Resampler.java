package io.planisphere.image;

import static org.bytedeco.opencv.global.opencv_core.CV_32S;
import static org.bytedeco.opencv.global.opencv_core.CV_32SC3;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.transpose;

import java.nio.IntBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Pillow's two-pass resampling in fixed point: width first, then height, rounded to 8 bits after each.
 *
 * <p>Both passes are sums of whole weighted rows, the one form of the loop that the JIT turns into SIMD. For the first pass
 * the photo is therefore turned on its side by OpenCV, and back after it: half the time of the plain loop over taps.
 */
final class Resampler implements AutoCloseable {
    private static final int HALF = 1 << (Taps.PRECISION - 1);
    // of one band, so that memory is bounded whatever the photo's shape; a 500-pixel photo is one band
    private static final int BAND_PIXELS = 1 << 18;

    // native buffers that only grow: a fresh one for each photo would cost more than the arithmetic
    private BytePointer turned = new BytePointer(0);
    private IntPointer wide = new IntPointer(0);
    private IntPointer narrow = new IntPointer(0);
    private IntPointer back = new IntPointer(0);
    private int[][] inputs = new int[0][];
    private int[] sum = new int[0];

    /**
     * Resamples the window that the taps select.
     *
     * @param output one row of interleaved 8-bit RGB values for each output of {@code rows}
     */
    void resample(Mat rgb, Taps columns, Taps rows, int[][] output) {
        for (int[] row : output) {
            Arrays.fill(row, HALF);
        }
        int width = columns.high() - columns.low();
        int height = rows.high() - rows.low();
        int bands = (int) Math.min(height, 1 + (long) width * height / BAND_PIXELS);
        for (int band = 0; band < bands; band++) {
            int from = rows.low() + (int) ((long) height * band / bands);
            int to = rows.low() + (int) ((long) height * (band + 1) / bands);
            try (Rect window = new Rect(columns.low(), from, width, to - from);
                    Mat part = new Mat(rgb, window)) {
                narrow(part, columns);
            }
            addRows(rows, from, to, 3 * columns.outputs(), output);
        }
        for (int[] row : output) {
            round(row, row.length);
        }
    }

    /** Leaves in {@code back} the part's rows, resampled in width. */
    private void narrow(Mat part, Taps columns) {
        int height = 3 * part.rows();
        grow(part.cols() * height, columns.outputs() * height);
        try (Mat onSide = new Mat(part.cols(), part.rows(), CV_8UC3, turned);
                Mat asInts = new Mat(part.cols(), part.rows(), CV_32SC3, wide)) {
            transpose(part, onSide);
            onSide.convertTo(asInts, CV_32S);
        }
        IntBuffer from = wide.asBuffer();
        IntBuffer to = narrow.asBuffer();
        reserve(columns.most(), height);
        int fetched = columns.low();
        for (int x = 0; x < columns.outputs(); x++) {
            int first = columns.first(x);
            int end = first + columns.count(x);
            for (fetched = Math.max(fetched, first); fetched < end; fetched++) {
                from.get((fetched - columns.low()) * height, inputs[fetched % inputs.length], 0, height);
            }
            Arrays.fill(sum, 0, height, HALF);
            for (int k = first; k < end; k++) {
                add(inputs[k % inputs.length], columns.weight(x, k - first), sum, height);
            }
            round(sum, height);
            to.put(x * height, sum, 0, height);
        }
        try (Mat onSide = new Mat(columns.outputs(), part.rows(), CV_32SC3, narrow);
                Mat upright = new Mat(part.rows(), columns.outputs(), CV_32SC3, back)) {
            transpose(onSide, upright);
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
            narrow.close();
            back.close();
            narrow = new IntPointer(after);
            back = new IntPointer(after);
        }
    }

    private void reserve(int count, int height) {
        if (inputs.length < count || sum.length < height) {
            inputs = new int[Math.max(count, inputs.length)][Math.max(height, sum.length)];
            sum = new int[Math.max(height, sum.length)];
        }
    }

    /** Adds the rows of {@code back}, which are the photo's rows {@code from} to {@code to}, to the outputs taking them. */
    private void addRows(Taps rows, int from, int to, int width, int[][] output) {
        reserve(1, width);
        IntBuffer narrowed = back.asBuffer();
        int oldest = 0;
        for (int y = from; y < to; y++) {
            while (rows.first(oldest) + rows.count(oldest) <= y) {
                oldest++;
            }
            if (rows.first(oldest) > y) {
                continue;
            }
            narrowed.get((y - from) * width, inputs[0], 0, width);
            for (int out = oldest; out < rows.outputs() && rows.first(out) <= y; out++) {
                add(inputs[0], rows.weight(out, y - rows.first(out)), output[out], width);
            }
        }
    }

    private static void add(int[] row, int weight, int[] sum, int count) {
        for (int i = 0; i < count; i++) {
            sum[i] += row[i] * weight;
        }
    }

    /** From fixed point to 0..255, without branches for the JIT's sake. */
    private static void round(int[] sum, int count) {
        for (int i = 0; i < count; i++) {
            int value = sum[i] >> Taps.PRECISION;
            sum[i] = (value | (255 - value) >> 31) & ~(value >> 31) & 255;
        }
    }

    @Override
    public void close() {
        turned.close();
        wide.close();
        narrow.close();
        back.close();
    }
}
