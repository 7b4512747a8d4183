package io.planisphere.infer;

/** What the network said of one photo, or why it said nothing. */
public sealed interface Inferred {
    /** The photo's values of each asked output, in the order in which they were asked for; flat, before any activation. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Outputs(float[][] values) implements Inferred {}

    /** The network failed on this photo, run alone. */
    record Failed(String detail) implements Inferred {}
}
