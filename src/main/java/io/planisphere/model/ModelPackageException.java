package io.planisphere.model;

/** Thrown for a model package that cannot be used. The message is one line: the package, what is wrong with it, how to fix it. */
public final class ModelPackageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ModelPackageException(String location, String problem) {
        super(message(location, problem));
    }

    ModelPackageException(String location, Exception cause) {
        super(message(location, String.valueOf(cause.getMessage())), cause);
    }

    private static String message(String location, String problem) {
        return ("Cannot open model package " + location + ": " + problem).replaceAll("\\s*\\R\\s*", " ");
    }
}
