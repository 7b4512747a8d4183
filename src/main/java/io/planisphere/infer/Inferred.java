package io.planisphere.infer;

/** The network's result for one photo: its outputs or a failure. */
public sealed interface Inferred {
    /** The values of each requested output, in the order of the request; flat, before any activation. */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Outputs(float[][] values) implements Inferred {}

    /** The network failed on this photo when run on it alone. */
    record Failed(String detail) implements Inferred {}
}
