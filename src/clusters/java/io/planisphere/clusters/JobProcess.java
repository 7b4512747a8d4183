package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** One run of a job by its script in {@code jobs/}, in a separate process. */
final class JobProcess implements AutoCloseable {
    /** The exit code after SIGKILL. */
    static final int KILLED = 128 + 9;

    private final ServerProcess process;

    private JobProcess(ServerProcess process) {
        this.process = process;
    }

    /**
     * The command line of a job.
     *
     * @param job name of the script
     * @param options options of the job
     * @param spark arguments after {@code --}
     * @param environment variables in addition to those of the installed Spark
     */
    record CommandLine(String job, List<String> options, List<String> spark, Map<String, String> environment) {
        static CommandLine locate(String input, String output, String... more) {
            List<String> options = new ArrayList<>(List.of("--input", input, "--output", output));
            options.addAll(List.of(more));
            return new CommandLine("locate", options, List.of(), Map.of());
        }

        CommandLine on(String... sparkOptions) {
            List<String> all = new ArrayList<>(spark);
            all.addAll(List.of(sparkOptions));
            return new CommandLine(job, options, all, environment);
        }

        CommandLine andOption(String name, String value) {
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of(name, value));
            return new CommandLine(job, all, spark, environment);
        }

        CommandLine with(String variable, String value) {
            Map<String, String> more = new HashMap<>(environment);
            more.put(variable, value);
            return new CommandLine(job, options, spark, more);
        }

        JobProcess start(Path log) throws IOException {
            List<String> command = new ArrayList<>(List.of("jobs/" + job + ".sh"));
            command.addAll(options);
            command.add("--");
            command.addAll(spark);
            Map<String, String> variables = new HashMap<>(Installed.environment());
            // jobs here are short: the optimising compiler would only compete with them
            variables.put("PLANISPHERE_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
            variables.putAll(environment);
            return new JobProcess(new ServerProcess(command, variables, log));
        }

        /** Runs the job to its end, and requires exit code 0. */
        String run(Path log) throws Exception {
            try (JobProcess process = start(log)) {
                assertThat(process.await())
                        .as("exit code of %s:%n%s", job, process.output())
                        .isZero();
                return process.output();
            }
        }
    }

    /** Waits for the end of the job and returns its exit code. */
    int await() throws Exception {
        boolean ended = process.process().waitFor(4, TimeUnit.MINUTES);
        assertThat(ended).as("the job ends; its output:%n%s", process.output()).isTrue();
        return process.process().exitValue();
    }

    /** Waits for a condition while the job runs; fails if the job ends first. */
    void until(String what, Callable<Boolean> condition) throws Exception {
        Waiting.until(what, Duration.ofMinutes(3), () -> {
            boolean met = condition.call();
            if (!met && !process.process().isAlive() && !condition.call()) {
                throw new AssertionError("The job ended before " + what + "; its output:\n" + output());
            }
            return met;
        });
    }

    /** Sends SIGKILL. */
    void kill() {
        process.kill();
        assertThat(process.process().exitValue()).as("exit code of SIGKILL").isEqualTo(KILLED);
    }

    long pid() {
        return process.process().pid();
    }

    String output() throws IOException {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}
