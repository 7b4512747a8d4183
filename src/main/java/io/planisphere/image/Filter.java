package io.planisphere.image;

import io.planisphere.image.Preprocessing.Resampling;

/** Pillow's resampling kernels ({@code Resample.c}), defined for upscaling; downscaling stretches them. */
final class Filter {
    private Filter() {}

    /** Returns half the width of the kernel. */
    static double support(Resampling resampling) {
        return switch (resampling) {
            case NEAREST -> 0;
            case BOX -> 0.5;
            case BILINEAR, HAMMING -> 1;
            case BICUBIC -> 2;
            case LANCZOS -> 3;
        };
    }

    static double weight(Resampling resampling, double distance) {
        double x = Math.abs(distance);
        return switch (resampling) {
            case NEAREST -> throw new IllegalArgumentException("NEAREST takes one pixel and has no kernel");
            case BOX -> distance > -0.5 && distance <= 0.5 ? 1 : 0;
            case BILINEAR -> x < 1 ? 1 - x : 0;
            case HAMMING -> x == 0 ? 1 : x >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x));
            case BICUBIC -> cubic(x);
            case LANCZOS -> x < 3 ? sinc(x) * sinc(x / 3) : 0;
        };
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static double cubic(double x) {
        double a = -0.5;
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
}
