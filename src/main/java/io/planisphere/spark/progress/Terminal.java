package io.planisphere.spark.progress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal that this process's standard error goes to. Linux says what a stream is; Java's own console would ask for standard
 * input and output as well, and those of a job are often files.
 *
 * @param device such as {@code /dev/pts/3}
 */
record Terminal(Path device) {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final Pattern DEVICE = Pattern.compile("/dev/(pts/\\d+|tty\\w*|console)");
    private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");
    private static final int USUAL_COLUMNS = 80;

    /** Empty where it goes to a file or a pipe, or to a terminal whose cursor cannot be moved. */
    static Optional<Terminal> ofStandardError() {
        return of(STANDARD_ERROR, System.getenv());
    }

    /** @param stream a link to what stands behind it */
    static Optional<Terminal> of(Path stream, Map<String, String> environment) {
        try {
            Path device = Files.readSymbolicLink(stream);
            boolean knowsCursor = !environment.getOrDefault("TERM", "dumb").equals("dumb");
            return knowsCursor && DEVICE.matcher(device.toString()).matches()
                    ? Optional.of(new Terminal(device))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // no Linux, or no /proc
        }
    }

    /** As wide as it is now. */
    int columns() {
        String size = "";
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(device.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                stty.waitFor(1, TimeUnit.SECONDS);
            } finally {
                stty.destroy();
            }
        } catch (IOException e) {
            size = ""; // no such program
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return columns(size, System.getenv());
    }

    /** @param size what stty says: rows and columns, 0 where nobody told it */
    static int columns(String size, Map<String, String> environment) {
        Matcher said = SIZE.matcher(size);
        int columns = said.matches() ? Integer.parseInt(said.group(1)) : 0;
        if (columns == 0 && environment.getOrDefault("COLUMNS", "").matches("[1-9]\\d{0,4}")) {
            columns = Integer.parseInt(environment.get("COLUMNS"));
        }
        return columns == 0 ? USUAL_COLUMNS : columns;
    }
}
