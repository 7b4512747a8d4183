package io.planisphere.infer;

/** The engine, the machine or the package is at fault, not a photo: the task fails, and Spark runs it again. */
public final class EngineFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineFailure(String message, Throwable cause) {
        super(message, cause);
    }

    public EngineFailure(String message) {
        super(message);
    }
}
