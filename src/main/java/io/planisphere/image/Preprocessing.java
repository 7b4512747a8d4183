package io.planisphere.image;

import java.util.List;

/**
 * The rule in a model package that converts upright RGB pixels to a network's input: resize, centre crop, then {@code (value ·
 * rescaleFactor − mean) / std} per channel, in the given layout.
 *
 * @param resize scaling before the crop
 * @param crop size of the centre crop, and so of the tensor; a smaller resized photo is padded with zeros as by Hugging Face's
 *     {@code center_crop}
 * @param resampling the filter of the resize
 * @param rescaleFactor multiplies the 8-bit values first; 1/255 in most packages, 1 if the package does not rescale
 * @param mean one per channel, in rescaled units; zeros if the package does not normalise
 * @param std one per channel, in rescaled units; ones if the package does not normalise
 * @param layout order of the tensor's axes
 * @param channels order of the tensor's channels, and so of mean and std
 * @param centring which pixel the centre crop begins with, where the margin is odd
 * @param element type of the tensor's values; UINT8 means the unchanged cropped pixels, so the rule neither rescales nor
 *     normalises
 */
public record Preprocessing(
        Resize resize,
        Size crop,
        Resampling resampling,
        double rescaleFactor,
        List<Double> mean,
        List<Double> std,
        Layout layout,
        Element element,
        Channels channels,
        Centring centring) {

    /** Creates a rule for a tensor of floats. */
    public Preprocessing(
            Resize resize,
            Size crop,
            Resampling resampling,
            double rescaleFactor,
            List<Double> mean,
            List<Double> std,
            Layout layout) {
        this(resize, crop, resampling, rescaleFactor, mean, std, layout, Element.FLOAT, Channels.RGB, Centring.DOWN);
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

    /** The scaling of a photo before the crop. */
    public sealed interface Resize {
        /** The shorter side becomes {@code pixels}; the longer one keeps the aspect ratio, truncated to whole pixels. */
        record ShortestSide(int pixels) implements Resize {}

        /** Both sides as given; the aspect ratio is not kept. */
        record Exact(Size size) implements Resize {}

        /** Not scaled. */
        record None() implements Resize {}
    }

    /** Resampling filters as defined by Pillow: the support grows with the reduction, so that downscaling does not alias. */
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

    /** Order of a tensor's channels. */
    public enum Channels {
        RGB,
        BGR
    }

    /** The rounding of half an odd margin. */
    public enum Centring {
        /** As in Hugging Face's {@code center_crop}. */
        DOWN,
        /** As in torchvision's {@code CenterCrop}, which timm uses: to the even number. */
        HALF_EVEN
    }

    /** Returns whether the crop omits a part of some photos, so that other crops differ from it. */
    public boolean hasMargin() {
        return !(resize instanceof Resize.Exact exact && exact.size().equals(crop));
    }

    /** Returns the shape of one photo's tensor in the layout's order, with a batch size of one. */
    public List<Long> axes() {
        long height = crop.height();
        long width = crop.width();
        return layout == Layout.NCHW ? List.of(1L, 3L, height, width) : List.of(1L, height, width, 3L);
    }

    /** Returns the number of values in one photo's tensor. */
    public int elements() {
        return 3 * crop.width() * crop.height();
    }
}
