package io.planisphere.mobilenet;

/** The function applied to each of a layer's sums. */
public enum Nonlinearity {
    NONE,
    RELU,
    /** {@code min(max(x, 0), 6)}. */
    RELU6,
    /** {@code x · min(max(x / 6 + 1/2, 0), 1)} (Howard et al., arXiv 1905.02244, section 5.2). */
    HARD_SWISH
}
