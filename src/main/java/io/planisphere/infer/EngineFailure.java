package io.planisphere.infer;

/** Thrown when the engine, the machine or the package is at fault rather than a photo: the task fails, and Spark retries it. */
public final class EngineFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineFailure(String message, Throwable cause) {
        super(message, cause);
    }

    public EngineFailure(String message) {
        super(message);
    }
}
