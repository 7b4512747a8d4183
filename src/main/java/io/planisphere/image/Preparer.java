package io.planisphere.image;

import io.planisphere.image.Preprocessing.Layout;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;

/**
 * Resizes, crops and normalises photos by one rule. The resize is Pillow's, bit for bit on the same pixels: fixed-point
 * weights, rows first, rounded to 8 bits after each direction. Only the cropped window is computed.
 *
 * <p>One preparer per task: it reuses its buffers and is not safe for several threads.
 */
public final class Preparer {
    private static final int HALF = 1 << (Taps.PRECISION - 1);

    private final Preprocessing rule;
    private final float[][] normalised;
    private final float[] tensor;
    private final int[] narrowed;
    private final int[] sums;
    private byte[] source = new byte[0];

    public Preparer(Preprocessing rule) {
        this.rule = rule;
        tensor = new float[rule.elements()];
        narrowed = new int[3 * rule.crop().width()];
        sums = new int[rule.elements()];
        normalised = new float[3][256];
        for (int c = 0; c < 3; c++) {
            for (int v = 0; v < 256; v++) {
                normalised[c][v] =
                        (float) ((v * rule.rescaleFactor() - rule.mean().get(c))
                                / rule.std().get(c));
            }
        }
    }

    /**
     * Writes the photo's tensor of {@link Preprocessing#elements()} values to {@code target} from {@code offset} on; the
     * buffer's position and limit are neither used nor moved.
     */
    public void prepare(Pixels pixels, FloatBuffer target, int offset) {
        Size size = resized(pixels.width(), pixels.height());
        Window across = Window.of(size.width(), rule.crop().width());
        Window down = Window.of(size.height(), rule.crop().height());
        Taps columns = taps(pixels.rgb().cols(), pixels.width(), pixels.reduction(), size.width(), across);
        Taps rows = taps(pixels.rgb().rows(), pixels.height(), pixels.reduction(), size.height(), down);
        if (across.count() < rule.crop().width() || down.count() < rule.crop().height()) {
            fillWithZeros();
        }
        sum(pixels, columns, rows);
        for (int y = 0; y < down.count(); y++) {
            write(3 * across.count() * y, down.pad() + y, across.pad(), across.count());
        }
        target.put(offset, tensor);
    }

    private Taps taps(int inputs, int whole, int reduction, int outputs, Window window) {
        return Taps.of(
                rule.resampling(),
                inputs,
                (double) whole / reduction,
                outputs,
                window.from(),
                window.from() + window.count());
    }

    private Size resized(int width, int height) {
        if (rule.resize() instanceof Resize.ShortestSide shortest) {
            int side = shortest.pixels();
            // truncated and by way of a double, as Hugging Face's get_resize_output_image_size does
            return width <= height
                    ? new Size(side, (int) ((double) ((long) side * height) / width))
                    : new Size((int) ((double) ((long) side * width) / height), side);
        }
        return rule.resize() instanceof Resize.Exact exact ? exact.size() : new Size(width, height);
    }

    /**
     * Resizes one input row after the other in width and adds it at once to the output rows that take it, so that memory
     * depends on the tensor's size alone.
     */
    private void sum(Pixels pixels, Taps columns, Taps rows) {
        int width = 3 * columns.outputs();
        int bytes = 3 * (columns.high() - columns.low());
        if (source.length < bytes) {
            source = new byte[bytes];
        }
        Arrays.fill(sums, HALF);
        long step = pixels.rgb().step();
        BytePointer data = pixels.rgb().data();
        int oldest = 0;
        for (int y = rows.low(); y < rows.high(); y++) {
            while (rows.first(oldest) + rows.count(oldest) <= y) {
                oldest++;
            }
            if (rows.first(oldest) > y) {
                continue;
            }
            data.position(y * step + 3L * columns.low()).get(source, 0, bytes);
            narrowRow(columns);
            for (int out = oldest; out < rows.outputs() && rows.first(out) <= y; out++) {
                int weight = rows.weights()[rows.weightsAt(out) + y - rows.first(out)];
                add(narrowed, weight, sums, out * width, width);
            }
        }
    }

    private void narrowRow(Taps columns) {
        byte[] row = source;
        int[] weights = columns.weights();
        int out = 0;
        int low = columns.low();
        for (int x = 0; x < columns.outputs(); x++) {
            int red = HALF;
            int green = HALF;
            int blue = HALF;
            int at = 3 * (columns.first(x) - low);
            int w = columns.weightsAt(x);
            int end = w + columns.count(x);
            for (; w < end; w++) {
                int weight = weights[w];
                red += (row[at] & 0xFF) * weight;
                green += (row[at + 1] & 0xFF) * weight;
                blue += (row[at + 2] & 0xFF) * weight;
                at += 3;
            }
            narrowed[out] = clipped(red);
            narrowed[out + 1] = clipped(green);
            narrowed[out + 2] = clipped(blue);
            out += 3;
        }
    }

    // a plain loop over ints, which the JIT turns into SIMD
    private static void add(int[] row, int weight, int[] sums, int from, int width) {
        for (int i = 0; i < width; i++) {
            sums[from + i] += row[i] * weight;
        }
    }

    private void write(int from, int y, int x, int count) {
        float[] red = normalised[0];
        float[] green = normalised[1];
        float[] blue = normalised[2];
        int first = y * rule.crop().width() + x;
        if (rule.layout() == Layout.NCHW) {
            int plane = rule.crop().width() * rule.crop().height();
            for (int i = 0; i < count; i++) {
                tensor[first + i] = red[clipped(sums[from + 3 * i])];
                tensor[first + plane + i] = green[clipped(sums[from + 3 * i + 1])];
                tensor[first + 2 * plane + i] = blue[clipped(sums[from + 3 * i + 2])];
            }
        } else {
            for (int i = 0; i < count; i++) {
                tensor[3 * (first + i)] = red[clipped(sums[from + 3 * i])];
                tensor[3 * (first + i) + 1] = green[clipped(sums[from + 3 * i + 1])];
                tensor[3 * (first + i) + 2] = blue[clipped(sums[from + 3 * i + 2])];
            }
        }
    }

    private static int clipped(int sum) {
        int value = sum >> Taps.PRECISION;
        return value < 0 ? 0 : Math.min(value, 255);
    }

    private void fillWithZeros() {
        int plane = rule.crop().width() * rule.crop().height();
        for (int i = 0; i < tensor.length; i++) {
            tensor[i] = normalised[rule.layout() == Layout.NCHW ? i / plane : i % 3][0];
        }
    }

    /**
     * What a centre crop keeps along one axis, as Hugging Face's {@code center_crop} rounds it: the first pixel kept, how
     * many, and how many zeros stand before them.
     */
    private record Window(int from, int count, int pad) {
        static Window of(int size, int crop) {
            return crop <= size ? new Window((size - crop) / 2, crop, 0) : new Window(0, size, (crop - size + 1) / 2);
        }
    }
}
