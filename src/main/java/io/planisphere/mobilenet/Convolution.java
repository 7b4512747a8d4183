package io.planisphere.mobilenet;

import io.planisphere.cost.LayerCost;
import java.util.stream.LongStream;

/**
 * A square convolution without bias.
 *
 * @param inputs input channels
 * @param outputs output channels
 * @param groups 1 in a full convolution, {@code inputs} in a depthwise one
 * @param kernel side of the kernel in pixels; padded by half of it on each side
 * @param stride 1 or 2
 * @param inputSize side of the input in pixels
 */
public record Convolution(int inputs, int outputs, int groups, int kernel, int stride, int inputSize) {

    static Convolution full(int inputs, int outputs, int kernel, int stride, int inputSize) {
        return new Convolution(inputs, outputs, 1, kernel, stride, inputSize);
    }

    static Convolution depthwise(int channels, int kernel, int stride, int inputSize) {
        return new Convolution(channels, channels, channels, kernel, stride, inputSize);
    }

    /** Returns the padding in pixels on each side. */
    public int padding() {
        return kernel / 2;
    }

    /** Returns the side of the output in pixels. */
    public int outputSize() {
        return (inputSize + 2 * padding() - kernel) / stride + 1;
    }

    /** Returns the shape of the weights: outputs, inputs of one group, height, width. */
    public long[] kernelShape() {
        return new long[] {outputs, inputs / groups, kernel, kernel};
    }

    /** Returns the number of weights. */
    public long parameters() {
        return LongStream.of(kernelShape()).reduce(1, Math::multiplyExact);
    }

    /** Returns the multiply-adds for one image. */
    public long multiplyAdds() {
        return parameters() * outputSize() * outputSize();
    }

    String kind() {
        return LayerCost.kindOfConvolution(kernel, kernel, inputs, groups, inputSize == 1);
    }
}
