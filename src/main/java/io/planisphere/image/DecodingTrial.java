package io.planisphere.image;

import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.jspecify.annotations.Nullable;

/**
 * Isolated decoding: decodes photos in a separate process first, so that a photo that crashes native code, or makes it hang,
 * kills that process and not the executor. Every photo is then decoded twice, so this is only for retrying photos one of which
 * has crashed a process. Not thread-safe; it owns the process.
 */
public final class DecodingTrial implements AutoCloseable {
    /** Far longer than the slowest decode of the largest photo within the limits. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final int KILLED_BY = 128; // an exit code above it is this plus the signal
    private static final long SMALLEST_HEAP = 64L << 20;

    /** Variables with options for JVMs: another collector, or the port of a debugger, would keep the process from starting. */
    private static final Set<String> JVM_OPTIONS = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private final List<String> command;
    private final Duration patience;
    private final ScheduledExecutorService clock;
    private @Nullable Process process;
    private boolean wasLate;

    /** Creates a trial with the limits of the decoder that follows it. The process starts with the first photo. */
    public DecodingTrial(ImageLimits limits) {
        this(limits, classPath(), PATIENCE);
    }

    DecodingTrial(ImageLimits limits, String classPath, Duration patience) {
        this.patience = patience;
        command = command(limits, classPath);
        clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "decoding trial");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static List<String> command(ImageLimits limits, String classPath) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + Math.max(SMALLEST_HEAP, 3 * limits.maxBytes()));
        command.add("-XX:+UseSerialGC");
        command.add("-XX:ErrorFile=/dev/null"); // crashes are expected, and reported in a row
        command.add("-XX:-CreateCoredumpOnCrash");
        for (String property : List.of("java.io.tmpdir", "org.bytedeco.javacpp.cachedir")) {
            if (System.getProperty(property) != null) {
                command.add("-D" + property + "=" + System.getProperty(property));
            }
        }
        command.addAll(List.of("-cp", classPath, TrialDecoder.class.getName()));
        command.add(Long.toString(limits.maxPixels()));
        command.add(Long.toString(limits.maxBytes()));
        return command;
    }

    /** Returns this JVM's class path, plus the jars from which Spark's class loader loaded the decoder. */
    private static String classPath() {
        Set<String> entries = new LinkedHashSet<>(List.of(System.getProperty("java.class.path")));
        for (Class<?> needed : List.of(DecodingTrial.class, Loader.class, opencv_core.class)) {
            try {
                entries.add(Path.of(needed.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString());
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    /**
     * Decodes a photo in the separate process.
     *
     * @return how the process ended; empty if it is alive
     * @throws UncheckedIOException if the process does not start, for which no photo is to blame
     */
    public Optional<String> probe(byte[] photo) {
        Process running = process == null ? started() : process;
        if (isAliveAfter(running, photo)) {
            return Optional.empty();
        }
        process = null;
        return Optional.of("Decoding it " + endOf(running));
    }

    private boolean isAliveAfter(Process running, byte[] photo) {
        try {
            // not closed, because that would end the process
            DataOutputStream out = new DataOutputStream(running.getOutputStream());
            out.writeInt(photo.length);
            out.write(photo);
            out.flush();
        } catch (IOException e) { // the process ended before it read everything
            return false;
        }
        return isAlive(running, patience);
    }

    private boolean isAlive(Process running, Duration patience) {
        ScheduledFuture<?> alarm = clock.schedule(running::destroyForcibly, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return running.getInputStream().read() == TrialDecoder.ALIVE;
        } catch (IOException e) {
            return false;
        } finally {
            wasLate = !alarm.cancel(false);
        }
    }

    private Process started() {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().keySet().removeAll(JVM_OPTIONS);
            Process begun = builder.start();
            process = begun;
            if (!isAlive(begun, PATIENCE)) {
                throw new IOException("Starting " + command.get(0) + ", to decode photos on trial, " + endOf(begun)
                        + " before it saw one");
            }
            return begun;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end of the process, whose output has already ended. */
    private String endOf(Process ended) {
        try {
            if (!ended.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                ended.destroyForcibly().waitFor();
                wasLate = true;
            }
        } catch (InterruptedException e) {
            ended.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(
                    new InterruptedIOException("Interrupted while a photo was decoded on trial"));
        }
        if (wasLate) {
            return "does not end within " + patience.toSeconds() + " s";
        }
        int code = ended.exitValue();
        return code > KILLED_BY
                ? "ends the process with signal " + (code - KILLED_BY)
                : "ends the process with exit code " + code;
    }

    @Override
    public void close() {
        clock.shutdownNow();
        if (process != null) {
            process.destroyForcibly();
            process = null;
        }
    }
}
