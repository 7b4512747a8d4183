package io.planisphere.spark.file;

/** Thrown when a run cannot continue for an external reason; the message says why, and what to do. */
public final class RunFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RunFailure(String message) {
        super(message);
    }
}
