package io.planisphere.image;

import io.planisphere.image.Crop.Align;
import io.planisphere.image.Preprocessing.Centring;
import io.planisphere.image.Preprocessing.Resampling;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.image.Preprocessing.Size;
import java.nio.ByteBuffer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Resizes and crops photos by one rule; the graph that a session runs normalises them. The resize is Pillow's, bit for bit on the
 * same pixels: fixed-point weights, width first, rounded to 8 bits after each direction. Only the cropped window is computed.
 * (Pillow 13 begins with the direction that shrinks more; where that is the height, as for a tall photo stretched to a square,
 * some values differ by 1.)
 *
 * <p>Use one preparer per task: it reuses its buffers and is not thread-safe.
 */
public final class Preparer implements AutoCloseable {
    private final Preprocessing rule;
    private final boolean isFast;
    private final Resampler resampler;
    private final FastResizer fast;
    private final Warp warp;
    private final Canvas canvas;

    public Preparer(Preprocessing rule) {
        this(rule, Resizing.EXACT);
    }

    /** Creates a preparer with another resizing of whole photos; parts of photos are always resized exactly. */
    public Preparer(Preprocessing rule, Resizing resizing) {
        OpenCv.load();
        this.rule = rule;
        isFast = resizing == Resizing.FAST && rule.resampling() != Resampling.NEAREST;
        resampler = new Resampler();
        fast = new FastResizer();
        warp = new Warp();
        canvas = new Canvas(rule);
    }

    /**
     * Writes the pixels of the photo's centre crop in the rule's layout, {@link Preprocessing#elements()} bytes, to {@code
     * target} from {@code offset} on; the buffer's position and limit are neither used nor moved.
     */
    public void prepare(Pixels pixels, ByteBuffer target, int offset) {
        prepare(pixels, Crop.CENTRE, target, offset);
    }

    /** Writes the pixels of another crop in the same way. */
    public void prepare(Pixels pixels, Crop crop, ByteBuffer target, int offset) {
        Size size = resized(pixels.width(), pixels.height());
        Window across = Window.of(size.width(), rule.crop().width(), crop.across(), rule.centring());
        Window down = Window.of(size.height(), rule.crop().height(), crop.down(), rule.centring());
        Mat window = isFast
                ? fast.resized(pixels.rgb(), size, across.from(), down.from(), across.count(), down.count())
                : exact(pixels, size, across, down);
        canvas.write(window, across.pad(), down.pad(), crop.isMirrored(), target, offset);
    }

    private Mat exact(Pixels pixels, Size size, Window across, Window down) {
        Taps columns = taps(pixels.rgb().cols(), pixels.width(), pixels.reduction(), size.width(), across);
        Taps rows = taps(pixels.rgb().rows(), pixels.height(), pixels.reduction(), size.height(), down);
        return resampler.resample(pixels.rgb(), columns, rows);
    }

    /** Writes the pixels of a cut of the photo in the same way. */
    public void prepare(Pixels pixels, Cut cut, ByteBuffer target, int offset) {
        if (cut instanceof Similarity similarity) {
            canvas.write(warp.warp(pixels, similarity, rule.crop()), 0, 0, false, target, offset);
        } else if (cut instanceof Region region) {
            prepare(pixels, region, target, offset);
        }
    }

    /**
     * Writes the pixels of a part of the photo, resized to the tensor's size regardless of the rule's resize and crop: Pillow's
     * {@code crop(box).resize(size)}, bit for bit where the photo was not reduced.
     */
    public void prepare(Pixels pixels, Region region, ByteBuffer target, int offset) {
        Size size = rule.crop();
        double scale = 1.0 / pixels.reduction(); // a power of two, so that products with it are exact
        Taps columns = Taps.beyond(
                rule.resampling(), pixels.rgb().cols(), region.left() * scale, region.width() * scale, size.width());
        Taps rows = Taps.beyond(
                rule.resampling(), pixels.rgb().rows(), region.top() * scale, region.height() * scale, size.height());
        if (columns.high() == columns.low() || rows.high() == rows.low()) {
            canvas.writeBlack(target, offset); // the photo is completely outside
        } else {
            canvas.write(resampler.resample(pixels.rgb(), columns, rows), 0, 0, false, target, offset);
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
            // truncated, computed as a double, as Hugging Face's get_resize_output_image_size does
            return width <= height
                    ? new Size(side, (int) ((double) ((long) side * height) / width))
                    : new Size((int) ((double) ((long) side * width) / height), side);
        }
        return rule.resize() instanceof Resize.Exact exact ? exact.size() : new Size(width, height);
    }

    @Override
    public void close() {
        resampler.close();
        fast.close();
        warp.close();
        canvas.close();
    }

    /**
     * The window of a crop along one axis: the first pixel, the number of pixels, and the number of zeros before them. Hugging
     * Face's {@code center_crop} has the odd zero before the photo, torchvision's {@code CenterCrop} behind it.
     */
    private record Window(int from, int count, int pad) {
        static Window of(int size, int crop, Align align, Centring centring) {
            if (crop > size) {
                return new Window(0, size, (crop - size + (centring == Centring.DOWN ? 1 : 0)) / 2);
            }
            int margin = size - crop;
            int middle = centring == Centring.DOWN ? margin / 2 : (int) Math.rint(margin / 2.0);
            return new Window(align == Align.START ? 0 : align == Align.END ? margin : middle, crop, 0);
        }
    }
}
