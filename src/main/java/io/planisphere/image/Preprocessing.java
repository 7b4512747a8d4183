package io.planisphere.image;

import java.util.List;

/**
 * The rule that turns upright RGB pixels into a network's input, as a model package states it: resize, centre crop, then
 * {@code (value · rescaleFactor − mean) / std} per channel, in the given layout.
 *
 * @param resize how the photo is scaled before the crop
 * @param crop the window taken from the middle, and so the size of the tensor; where the resized photo is smaller, it is
 *     padded with zeros as Hugging Face's {@code center_crop} does
 * @param resampling the filter of the resize
 * @param rescaleFactor multiplies the 8-bit values first; 1/255 in most packages, 1 where the package does not rescale
 * @param mean one per channel, in rescaled units; zeros where the package does not normalise
 * @param std one per channel, in rescaled units; ones where the package does not normalise
 * @param layout order of the tensor's axes
 * @param element type of the tensor's values; UINT8 are the cropped pixels as they are, so the rule neither rescales nor normalises
 */
public record Preprocessing(
        Resize resize,
        Size crop,
        Resampling resampling,
        double rescaleFactor,
        List<Double> mean,
        List<Double> std,
        Layout layout,
        Element element) {

    /** A rule for a tensor of floats. */
    public Preprocessing(
            Resize resize,
            Size crop,
            Resampling resampling,
            double rescaleFactor,
            List<Double> mean,
            List<Double> std,
            Layout layout) {
        this(resize, crop, resampling, rescaleFactor, mean, std, layout, Element.FLOAT);
    }

    public Preprocessing {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != 3 || std.size() != 3) {
            throw new IllegalArgumentException(
                    "Mean and standard deviation need three values each, got " + mean + " and " + std);
        }
        if (std.contains(0.0)) {
            throw new IllegalArgumentException("Standard deviation must not be 0, got " + std);
        }
        if (element == Element.UINT8 && !changesNoValue(rescaleFactor, mean, std)) {
            throw new IllegalArgumentException(
                    "8-bit values can be neither rescaled nor normalised, got rescale factor " + rescaleFactor
                            + ", mean " + mean + " and standard deviation " + std);
        }
    }

    private static boolean changesNoValue(double rescaleFactor, List<Double> mean, List<Double> std) {
        return rescaleFactor == 1
                && mean.stream().allMatch(value -> value == 0)
                && std.stream().allMatch(value -> value == 1);
    }

    /** Width and height in pixels. */
    public record Size(int width, int height) {
        public Size {
            if (width < 1 || height < 1) {
                throw new IllegalArgumentException("Size must be at least 1 x 1, got " + width + " x " + height);
            }
        }
    }

    /** How a photo is scaled before the crop. */
    public sealed interface Resize {
        /** The shorter side becomes {@code pixels}, the longer one keeps the ratio, truncated to whole pixels. */
        record ShortestSide(int pixels) implements Resize {}

        /** Both sides as given; the ratio is not kept. */
        record Exact(Size size) implements Resize {}

        /** Not scaled. */
        record None() implements Resize {}
    }

    /** Filters, as Pillow defines them: the support grows with the reduction, so that shrinking does not alias. */
    public enum Resampling {
        NEAREST,
        BOX,
        BILINEAR,
        HAMMING,
        BICUBIC,
        LANCZOS
    }

    /** Order of a tensor's axes: batch, channels, height, width. */
    public enum Layout {
        NCHW,
        NHWC
    }

    /** Type of a tensor's values. */
    public enum Element {
        FLOAT,
        UINT8
    }

    /** Whether the crop leaves out something of some photos, so that other crops show something else. */
    public boolean hasMargin() {
        return !(resize instanceof Resize.Exact exact && exact.size().equals(crop));
    }

    /** The axes of one photo's tensor in the layout's order, a batch of one. */
    public List<Long> axes() {
        long height = crop.height();
        long width = crop.width();
        return layout == Layout.NCHW ? List.of(1L, 3L, height, width) : List.of(1L, height, width, 3L);
    }

    /** Values in one photo's tensor. */
    public int elements() {
        return 3 * crop.width() * crop.height();
    }
}
