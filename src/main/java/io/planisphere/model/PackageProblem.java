package io.planisphere.model;

/** What is wrong with a package, before its location is put in front: file, value, mend. */
final class PackageProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    PackageProblem(String message) {
        super(message);
    }

    PackageProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
