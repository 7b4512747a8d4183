package io.planisphere.image;

import io.planisphere.image.Crop.Align;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.nio.Buffer;

/**
 * Resizes, crops and normalises photos by one rule. The resize is Pillow's, bit for bit on the same pixels: fixed-point
 * weights, width first, rounded to 8 bits after each direction. Only the cropped window is computed. (Pillow 13 begins with the
 * direction that shrinks more; where that is the height, as for a tall photo stretched to a square, some values differ by 1.)
 *
 * <p>One preparer per task: it reuses its buffers and is not safe for several threads.
 */
public final class Preparer implements AutoCloseable {
    private final Preprocessing rule;
    private final Resampler resampler;
    private final Warp warp;
    private final Canvas canvas;
    private int[][] resized = new int[0][];

    public Preparer(Preprocessing rule) {
        OpenCv.load();
        this.rule = rule;
        resampler = new Resampler();
        warp = new Warp();
        canvas = Canvas.of(rule);
    }

    /**
     * Writes the tensor of the photo's centre crop, {@link Preprocessing#elements()} values, to {@code target} from {@code
     * offset} on; the buffer's position and limit are neither used nor moved.
     *
     * @param target a FloatBuffer, or a ByteBuffer where the rule's element type is UINT8
     */
    public void prepare(Pixels pixels, Buffer target, int offset) {
        prepare(pixels, Crop.CENTRE, target, offset);
    }

    /** The same for another crop. */
    public void prepare(Pixels pixels, Crop crop, Buffer target, int offset) {
        Size size = resized(pixels.width(), pixels.height());
        Window across = Window.of(size.width(), rule.crop().width(), crop.across());
        Window down = Window.of(size.height(), rule.crop().height(), crop.down());
        Taps columns = taps(pixels.rgb().cols(), pixels.width(), pixels.reduction(), size.width(), across);
        Taps rows = taps(pixels.rgb().rows(), pixels.height(), pixels.reduction(), size.height(), down);
        if (across.count() < rule.crop().width() || down.count() < rule.crop().height()) {
            canvas.fillWithZeros();
        }
        resample(pixels, columns, rows);
        for (int y = 0; y < down.count(); y++) {
            canvas.write(resized[y], down.pad() + y, across.pad(), across.count());
        }
        if (crop.isMirrored()) {
            canvas.mirror();
        }
        canvas.copyTo(target, offset);
    }

    /** The same for something cut out of the photo. */
    public void prepare(Pixels pixels, Cut cut, Buffer target, int offset) {
        if (cut instanceof Similarity similarity) {
            Size size = rule.crop();
            reserve(size.height(), 3 * size.width());
            warp.warp(pixels, similarity, size, resized);
            for (int y = 0; y < size.height(); y++) {
                canvas.write(resized[y], y, 0, size.width());
            }
            canvas.copyTo(target, offset);
        } else if (cut instanceof Region region) {
            prepare(pixels, region, target, offset);
        }
    }

    /**
     * The same for a part of the photo, resized to the tensor's size whatever the rule's resize and crop are: Pillow's {@code
     * crop(box).resize(size)}, bit for bit where the photo was not reduced.
     */
    public void prepare(Pixels pixels, Region region, Buffer target, int offset) {
        Size size = rule.crop();
        double scale = 1.0 / pixels.reduction(); // a power of two, so that products with it are exact
        Taps columns = Taps.beyond(
                rule.resampling(), pixels.rgb().cols(), region.left() * scale, region.width() * scale, size.width());
        Taps rows = Taps.beyond(
                rule.resampling(), pixels.rgb().rows(), region.top() * scale, region.height() * scale, size.height());
        if (columns.high() == columns.low() || rows.high() == rows.low()) {
            canvas.fillWithZeros(); // nothing of the photo is in it
        } else {
            resample(pixels, columns, rows);
            for (int y = 0; y < size.height(); y++) {
                canvas.write(resized[y], y, 0, size.width());
            }
        }
        canvas.copyTo(target, offset);
    }

    private void resample(Pixels pixels, Taps columns, Taps rows) {
        reserve(rows.outputs(), 3 * columns.outputs());
        resampler.resample(pixels.rgb(), columns, rows, resized);
    }

    private void reserve(int rows, int values) {
        if (resized.length != rows || resized[0].length != values) {
            resized = new int[rows][values];
        }
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

    @Override
    public void close() {
        resampler.close();
        warp.close();
    }

    /**
     * What a crop keeps along one axis, the centre as Hugging Face's {@code center_crop} rounds it: the first pixel kept,
     * how many, and how many zeros stand before them.
     */
    private record Window(int from, int count, int pad) {
        static Window of(int size, int crop, Align align) {
            if (crop > size) {
                return new Window(0, size, (crop - size + 1) / 2);
            }
            int margin = size - crop;
            return new Window(align == Align.START ? 0 : align == Align.END ? margin : margin / 2, crop, 0);
        }
    }
}
