package io.planisphere.quantize;

import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import java.util.List;

/**
 * The conversion of 8-bit pixels to the float network's input: {@code (pixel − zero) · step} per channel.
 *
 * @param layout layout of the float network's input
 * @param zeros the pixel value that maps to 0, one per channel; may be fractional
 * @param steps one step per channel
 */
record InputRule(Layout layout, List<Double> zeros, List<Double> steps) {
    static InputRule of(Preprocessing rule) {
        return new InputRule(
                rule.layout(),
                rule.mean().stream().map(mean -> mean / rule.rescaleFactor()).toList(),
                rule.std().stream().map(std -> rule.rescaleFactor() / std).toList());
    }

    /** Returns a pixel value close to all channels' zeros, which can be used for padding. */
    int zeroPoint() {
        double mean = zeros.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return (int) Math.min(Math.max(Math.rint(mean), 0), 255);
    }

    /** Returns whether {@link #zeroPoint} is within half a step of zero for every channel. */
    boolean sharesZero() {
        return zeros.stream().allMatch(zero -> Math.abs(zero - zeroPoint()) <= 0.5);
    }

    /** Returns the quantisation step of the input. */
    double step() {
        return steps.get(0);
    }

    /** Returns the factor of a layer's weights for a channel. */
    double ratio(int channel) {
        return steps.get(channel) / step();
    }

    /** Returns the amount by which a channel is too small when it is computed from {@link #zeroPoint}. */
    double shortfall(int channel) {
        return (zeroPoint() - zeros.get(channel)) * steps.get(channel);
    }
}
