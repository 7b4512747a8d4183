package io.planisphere.mobilenet;

import java.util.ArrayList;
import java.util.List;

/**
 * An inverted residual with a linear bottleneck (Sandler et al., arXiv 1801.04381): expand by 1 x 1, convolve each channel,
 * optionally squeeze and excite, project by 1 x 1 without a nonlinearity, and add the input if shapes match.
 *
 * @param expanded channels in the middle; no expansion if the input has the same number
 * @param outputs output channels
 * @param kernel kernel of the depthwise layer
 * @param squeezes whether there is a squeeze-and-excite layer
 */
record Inverted(int expanded, int outputs, int kernel, int stride, boolean squeezes, Nonlinearity nonlinearity) {
    private static final int SQUEEZE = 4;

    Block block(String name, int inputs, int size) {
        List<Layer> layers = new ArrayList<>();
        if (expanded != inputs) {
            layers.add(new Layer.Normalised(
                    name + ".expand", Convolution.full(inputs, expanded, 1, 1, size), nonlinearity));
        }
        Convolution depthwise = Convolution.depthwise(expanded, kernel, stride, size);
        layers.add(new Layer.Normalised(name + ".depthwise", depthwise, nonlinearity));
        if (squeezes) {
            layers.add(new Layer.SqueezeExcite(
                    name + ".squeeze_excite", expanded, Widths.divisible(expanded / (double) SQUEEZE)));
        }
        layers.add(new Layer.Normalised(
                name + ".project",
                Convolution.full(expanded, outputs, 1, 1, depthwise.outputSize()),
                Nonlinearity.NONE));
        return stride == 1 && inputs == outputs ? Block.residual(name, layers) : Block.plain(name, layers);
    }

    /** Returns the side of the block's output. */
    int outputSize(int size) {
        return Convolution.depthwise(expanded, kernel, stride, size).outputSize();
    }
}
