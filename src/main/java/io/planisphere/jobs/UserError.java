package io.planisphere.jobs;

/** A mistake in a command line or its files. Its message says what is wrong, the value, and how to fix it. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }
}
