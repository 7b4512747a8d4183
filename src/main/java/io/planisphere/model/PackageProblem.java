package io.planisphere.model;

/** A problem with a package, before its location is prepended: file, value, fix. */
final class PackageProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    PackageProblem(String message) {
        super(message);
    }

    PackageProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
