package io.planisphere.mobilenet;

import io.planisphere.mobilenet.GraphBackend.Linear;

/** A step within a {@link Block}. */
public sealed interface Layer {
    /** Returns the name, which is unique within a network. */
    String name();

    /** A convolution without bias, its batch normalisation, and its nonlinearity. */
    record Normalised(String name, Convolution convolution, Nonlinearity nonlinearity) implements Layer {}

    /**
     * Squeeze-and-excite: scales each channel by the output of two small fully connected layers over the means of all channels
     * (Hu et al., arXiv 1709.01507), with ReLU between them and {@code min(max(x / 6 + 1/2, 0), 1)} at the end, as in MobileNet
     * V3.
     *
     * @param squeezed channels between the two layers
     */
    record SqueezeExcite(String name, int channels, int squeezed) implements Layer {
        /** Returns the layer from all channels to the squeezed ones. */
        Linear squeezing() {
            return new Linear(name + ".squeeze", channels, squeezed, Nonlinearity.RELU);
        }

        /** Returns the layer from the squeezed channels to all channels. */
        Linear exciting() {
            return new Linear(name + ".excite", squeezed, channels, Nonlinearity.NONE);
        }
    }
}
