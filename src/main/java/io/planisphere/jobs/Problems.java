package io.planisphere.jobs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is wrong with a command line, gathered so that all of it is said at once. */
final class Problems {
    private final List<String> messages = new ArrayList<>();

    /** Reads or builds something from an option. */
    @FunctionalInterface
    interface Attempt<T> {
        T get() throws IOException;
    }

    /** The value, or empty if it was refused with an {@link IllegalArgumentException}, whose message is kept. */
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

    /** Ends the job here if anything is wrong. */
    void refuse() {
        if (!messages.isEmpty()) {
            throw new UserError(String.join("\n", messages));
        }
    }
}
