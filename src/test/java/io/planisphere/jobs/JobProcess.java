package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a job in its own JVM, so that it can be killed. */
final class JobProcess {
    private JobProcess() {}

    /** @param log file for the output of the job */
    static Process start(Path log, Object... line) throws IOException {
        return start(log, List.of(), line);
    }

    /** @param options options of the JVM */
    static Process start(Path log, List<String> options, Object... line) throws IOException {
        List<String> command = new ArrayList<>(java());
        command.addAll(List.of("-Dspark.master=local[2]", "-Dspark.ui.enabled=false"));
        command.addAll(options);
        command.add("io.planisphere.Main");
        Stream.of(line).map(Object::toString).forEach(command::add);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    /** Returns the beginning of a command line: this JVM's options and class path. */
    static List<String> java() {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--") || option.startsWith("-D") || option.startsWith("-XX:"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
        return command;
    }

    /**
     * Waits until a batch is half written: a task creates the batch's folder when it begins to write; the commit comes last.
     */
    static void awaitHalfABatch(Process job, Path batch) throws InterruptedException {
        while (!Files.exists(batch)) {
            assertThat(job.isAlive())
                    .as("the job ended before it could be killed")
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    static void finish(Process job) throws InterruptedException {
        assertThat(job.waitFor(3, TimeUnit.MINUTES)).as("the job ended").isTrue();
        assertThat(job.exitValue()).isZero();
    }
}
