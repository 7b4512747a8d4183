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

/** A job in a JVM of its own, so that it can be killed. */
final class JobProcess {
    private JobProcess() {}

    /** @param log where what it says goes */
    static Process start(Path log, Object... line) throws IOException {
        return start(log, List.of(), line);
    }

    /** @param options of the JVM */
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

    /** The beginning of a command line: this JVM's options and class path. */
    static List<String> java() {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--") || option.startsWith("-D"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx1g", "-cp", System.getProperty("java.class.path")));
        return command;
    }

    /** A task makes a batch's folder when it begins to write, and the commit follows at the end. */
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
