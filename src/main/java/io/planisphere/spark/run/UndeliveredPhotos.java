package io.planisphere.spark.run;

/** A run was stopped since too many of its photos were forbidden or unreachable; the message says which, and what to do. */
public final class UndeliveredPhotos extends RuntimeException {
    private static final long serialVersionUID = 1;

    UndeliveredPhotos(String message) {
        super(message);
    }
}
