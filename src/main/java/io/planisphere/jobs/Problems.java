package io.planisphere.jobs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects all errors in a command line, so that they are reported together. */
final class Problems {
    private final List<String> messages = new ArrayList<>();

    /** Parses or builds a value from an option. */
    @FunctionalInterface
    interface Attempt<T> {
        T get() throws IOException;
    }

    /** Returns the value, or empty if the attempt threw an {@link IllegalArgumentException}, whose message is recorded. */
    <T> Optional<T> attempt(Attempt<T> attempt) throws IOException {
        try {
            return Optional.of(attempt.get());
        } catch (IllegalArgumentException e) {
            messages.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    void add(String message) {
        messages.add(message);
    }

    /** Throws a user error if there are any problems. */
    void refuse() {
        if (!messages.isEmpty()) {
            throw new UserError(String.join("\n", messages));
        }
    }
}
