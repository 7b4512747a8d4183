package io.planisphere.mobilenet;

import io.planisphere.mobilenet.GraphBackend.Linear;

/** A step within a {@link Block}. */
public sealed interface Layer {
    /** Unique within a network. */
    String name();

    /** A convolution without bias, its batch normalisation, and what follows. */
    record Normalised(String name, Convolution convolution, Nonlinearity nonlinearity) implements Layer {}

    /**
     * Scales each channel by what two small fully connected layers make of the means of all channels (Hu et al., arXiv
     * 1709.01507), with ReLU between them and {@code min(max(x / 6 + 1/2, 0), 1)} at the end, as MobileNet V3 has it.
     *
     * @param squeezed channels between the two layers
     */
    record SqueezeExcite(String name, int channels, int squeezed) implements Layer {
        /** From all channels to the squeezed ones. */
        Linear squeezing() {
            return new Linear(name + ".squeeze", channels, squeezed, Nonlinearity.RELU);
        }

        /** And back. */
        Linear exciting() {
            return new Linear(name + ".excite", squeezed, channels, Nonlinearity.NONE);
        }
    }
}
