package io.planisphere.image;

import io.planisphere.image.Preprocessing.Resampling;
import java.util.Arrays;

/**
 * The inputs of each output pixel along one axis: the first input pixel, their number, and their weights in fixed point, as
 * Pillow computes them ({@code precompute_coeffs} and {@code normalize_coeffs_8bpc} of {@code Resample.c}).
 */
final class Taps {
    /** Fractional bits of a weight; leaves two bits above 8-bit values for kernels that overshoot. */
    static final int PRECISION = 32 - 8 - 2;

    private final int[] first;
    private final int[] count;
    private final int[] weights;
    private final int stride;

    private Taps(int outputs, int stride) {
        this.first = new int[outputs];
        this.count = new int[outputs];
        this.stride = stride;
        this.weights = new int[Math.multiplyExact(outputs, stride)];
    }

    /**
     * Returns the taps of the outputs from {@code from} to {@code to}, exclusive, out of {@code outputs}.
     *
     * @param inputs number of input pixels
     * @param span number of input pixels that the outputs cover, at most {@code inputs}; fractional if the last pixel was padded
     */
    static Taps of(Resampling resampling, int inputs, double span, int outputs, int from, int to) {
        return of(resampling, inputs, 0, span, outputs, from, to);
    }

    private static Taps of(
            Resampling resampling, int inputs, double before, double span, int outputs, int from, int to) {
        if (outputs == inputs && span == inputs) {
            return identity(from, to);
        }
        double scale = span / outputs;
        if (resampling == Resampling.NEAREST) {
            return nearest(inputs, before, scale, from, to);
        }
        double stretch = Math.max(1, scale);
        double support = Filter.support(resampling) * stretch;
        Taps taps = new Taps(to - from, (int) Math.ceil(support) * 2 + 1);
        double[] row = new double[taps.stride];
        for (int i = 0; i < to - from; i++) {
            double centre = before + (from + i + 0.5) * scale;
            int low = Math.max(0, (int) (centre - support + 0.5));
            int high = Math.min(inputs, (int) (centre + support + 0.5));
            double sum = 0;
            for (int k = 0; k < high - low; k++) {
                row[k] = Filter.weight(resampling, (k + low - centre + 0.5) / stretch);
                sum += row[k];
            }
            taps.first[i] = low;
            taps.count[i] = high - low;
            for (int k = 0; k < high - low; k++) {
                double weight = (sum == 0 ? row[k] : row[k] / sum) * (1 << PRECISION);
                taps.weights[i * taps.stride + k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
        }
        return taps;
    }

    /**
     * Returns the taps of all outputs over a range of the axis that may extend beyond it, where inputs are black. They match
     * Pillow's {@code crop}, which pads with zeros, followed by {@code resize}; taps on zeros are left out.
     *
     * @param inputs number of input pixels
     * @param start start of the range; fractional if the photo is reduced
     * @param span pixels that the outputs share
     */
    static Taps beyond(Resampling resampling, int inputs, double start, double span, int outputs) {
        int offset = (int) Math.floor(start);
        double before = start - offset; // the part of the range's first pixel that is outside it
        int padded = (int) Math.ceil(before + span);
        return of(resampling, padded, before, span, outputs, 0, outputs).within(offset, inputs);
    }

    /** Returns these taps for an axis that begins {@code offset} pixels earlier and has {@code inputs} pixels. */
    private Taps within(int offset, int inputs) {
        Taps kept = new Taps(first.length, stride);
        for (int i = 0; i < first.length; i++) {
            int from = first[i] + offset;
            int low = Math.min(Math.max(from, 0), inputs);
            int high = Math.min(Math.max(from + count[i], 0), inputs);
            kept.first[i] = low;
            kept.count[i] = high - low;
            for (int k = low; k < high; k++) {
                kept.weights[i * stride + k - low] = weights[i * stride + k - from];
            }
        }
        return kept;
    }

    private static Taps identity(int from, int to) {
        Taps taps = new Taps(to - from, 1);
        Arrays.setAll(taps.first, i -> from + i);
        Arrays.fill(taps.count, 1);
        Arrays.fill(taps.weights, 1 << PRECISION);
        return taps;
    }

    private static Taps nearest(int inputs, double before, double scale, int from, int to) {
        Taps taps = new Taps(to - from, 1);
        // accumulated step by step, as in Pillow's ImagingScaleAffine, to round to the same side of a boundary
        double place = before + 0.5 * scale;
        for (int i = 0; i < to; i++) {
            if (i >= from) {
                taps.first[i - from] = Math.min(inputs - 1, (int) place);
            }
            place += scale;
        }
        Arrays.fill(taps.count, 1);
        Arrays.fill(taps.weights, 1 << PRECISION);
        return taps;
    }

    int outputs() {
        return first.length;
    }

    int first(int output) {
        return first[output];
    }

    int count(int output) {
        return count[output];
    }

    /** Returns the weight of an output's {@code k}-th input. */
    int weight(int output, int k) {
        return weights[output * stride + k];
    }

    /** Returns the maximum number of inputs of an output. */
    int most() {
        return stride;
    }

    /** Returns the lowest input of any output. */
    int low() {
        return first[0];
    }

    /** Returns the index after the highest input of any output. */
    int high() {
        int last = first.length - 1;
        return first[last] + count[last];
    }
}
