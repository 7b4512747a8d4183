package io.planisphere.spark.progress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The terminal of this process's standard error, found through Linux's /proc. Java's own console requires standard input and
 * output to be terminals as well, and those of a job are often files.
 */
final class Terminal {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final Pattern DEVICE = Pattern.compile("/dev/(pts/\\d+|tty\\w*|console)");
    private static final int USUAL_COLUMNS = 80;

    private Terminal() {}

    /**
     * Returns its width in characters, from the variable COLUMNS, which {@code jobs/*.sh} set. Empty if standard error goes to a
     * file or a pipe, or to a terminal without cursor control.
     */
    static OptionalInt columnsOfStandardError() {
        return columns(STANDARD_ERROR, System.getenv());
    }

    /** @param stream symbolic link to the device or file of the stream */
    static OptionalInt columns(Path stream, Map<String, String> environment) {
        try {
            Path device = Files.readSymbolicLink(stream);
            boolean knowsCursor = !environment.getOrDefault("TERM", "dumb").equals("dumb");
            if (!knowsCursor || !DEVICE.matcher(device.toString()).matches()) {
                return OptionalInt.empty();
            }
        } catch (IOException | UnsupportedOperationException e) {
            return OptionalInt.empty(); // not Linux, or no /proc
        }
        String columns = environment.getOrDefault("COLUMNS", "");
        return OptionalInt.of(columns.matches("[1-9]\\d{0,4}") ? Integer.parseInt(columns) : USUAL_COLUMNS);
    }
}
