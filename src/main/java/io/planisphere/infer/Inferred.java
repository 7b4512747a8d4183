package io.planisphere.infer;

/** What the network said of one photo: its scores, or why there are none. */
public sealed interface Inferred {
    /** The photo's values of the asked output, flat, before any activation. */
    @SuppressWarnings("ArrayRecordComponent") // scores are read once, never compared
    record Scores(float[] values) implements Inferred {}

    /** The network failed on this photo, run alone. */
    record Failed(String detail) implements Inferred {}
}
