package io.planisphere.quantize;

import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Layout;
import java.util.List;

/**
 * How 8-bit pixels become what the float network takes: {@code (pixel − zero) · step} per channel.
 *
 * @param layout of the float network's input
 * @param zeros the pixel value that becomes 0, one per channel; need not be whole
 * @param steps one per channel
 */
record InputRule(Layout layout, List<Double> zeros, List<Double> steps) {
    static InputRule of(Preprocessing rule) {
        return new InputRule(
                rule.layout(),
                rule.mean().stream().map(mean -> mean / rule.rescaleFactor()).toList(),
                rule.std().stream().map(std -> rule.rescaleFactor() / std).toList());
    }

    /** A pixel value that all channels' zeros lie close to, so that it may stand for them where a photo is padded. */
    int zeroPoint() {
        double mean = zeros.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        return (int) Math.min(Math.max(Math.rint(mean), 0), 255);
    }

    /** Whether {@link #zeroPoint} is within half a step of what padding means, for every channel. */
    boolean sharesZero() {
        return zeros.stream().allMatch(zero -> Math.abs(zero - zeroPoint()) <= 0.5);
    }

    /** The step that the input's values are counted in. */
    double step() {
        return steps.get(0);
    }

    /** What a layer's weights for a channel are multiplied with. */
    double ratio(int channel) {
        return steps.get(channel) / step();
    }

    /** What a channel is less than it should be when it is counted from {@link #zeroPoint}. */
    double shortfall(int channel) {
        return (zeroPoint() - zeros.get(channel)) * steps.get(channel);
    }
}
