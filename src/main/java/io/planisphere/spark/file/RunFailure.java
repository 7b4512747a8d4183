package io.planisphere.spark.file;

/** A run that cannot go on, for a reason outside of it; the message says what, and how to go on. */
public final class RunFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunFailure(String message) {
        super(message);
    }
}
