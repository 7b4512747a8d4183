package io.planisphere.spark.run;

/**
 * Thrown when a run was stopped because too many of its photos were forbidden or unreachable; the message gives an example and
 * the fix.
 */
public final class UndeliveredPhotos extends RuntimeException {
    private static final long serialVersionUID = 1;

    UndeliveredPhotos(String message) {
        super(message);
    }
}
