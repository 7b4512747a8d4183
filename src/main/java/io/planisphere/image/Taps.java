package io.planisphere.image;

import io.planisphere.image.Preprocessing.Resampling;
import java.util.Arrays;

/**
 * For each output pixel along one axis: the first input pixel it takes, how many, and their weights in fixed point, as
 * Pillow computes them ({@code precompute_coeffs} and {@code normalize_coeffs_8bpc} of {@code Resample.c}).
 */
final class Taps {
    /** Of a weight's fixed point; leaves two bits above 8-bit values for kernels that overshoot. */
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
     * Taps of the outputs from {@code from} to {@code to}, exclusive, out of {@code outputs}.
     *
     * @param inputs pixels there are
     * @param span pixels that the outputs share, at most {@code inputs}; a fraction where the last pixel was padded
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
     * Taps of all outputs over a stretch of the axis that may reach beyond it, where the inputs are black. They are those of
     * Pillow's {@code crop}, which pads with zeros, and {@code resize} after it; taps on zeros are left out.
     *
     * @param inputs pixels there are
     * @param start of the stretch; a fraction where the photo is reduced
     * @param span pixels that the outputs share
     */
    static Taps beyond(Resampling resampling, int inputs, double start, double span, int outputs) {
        int offset = (int) Math.floor(start);
        double before = start - offset; // of the stretch's first pixel, not taken
        int padded = (int) Math.ceil(before + span);
        return of(resampling, padded, before, span, outputs, 0, outputs).within(offset, inputs);
    }

    /** The same taps as those of an axis that begins {@code offset} pixels earlier and has {@code inputs} of its own. */
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
        // summed up step by step, as Pillow's ImagingScaleAffine does, to fall on the same side of a boundary
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

    /** Weight of an output's {@code k}-th input. */
    int weight(int output, int k) {
        return weights[output * stride + k];
    }

    /** Inputs of the output that takes most. */
    int most() {
        return stride;
    }

    /** The lowest input that any output takes. */
    int low() {
        return first[0];
    }

    /** Behind the highest input that any output takes. */
    int high() {
        int last = first.length - 1;
        return first[last] + count[last];
    }
}
