package io.planisphere.source;

/** An input that cannot be used as it was given. The message says what is wrong, the value, and how to fix it. */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }
}
