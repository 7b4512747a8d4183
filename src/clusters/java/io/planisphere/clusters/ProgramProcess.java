package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A driver in a separate process that executes commands: it reads them from its standard input, one per line, and responds to
 * each with one line that begins with {@code = }. Its other output goes to a log.
 */
final class ProgramProcess implements AutoCloseable {
    private static final String RESPONSE = "= ";
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Process process;
    private final BufferedWriter commands;
    private final BlockingQueue<String> responses = new LinkedBlockingQueue<>();
    private final Path log;

    /**
     * Starts the process without waiting until Spark is ready.
     *
     * @param settings settings of Spark, or any system properties
     * @param classPath folders, jars, and folders of jars with an asterisk
     * @param main main class, then its arguments
     */
    ProgramProcess(Map<String, String> settings, List<String> classPath, List<String> main, Path log)
            throws IOException {
        this.log = log;
        List<String> command = new ArrayList<>(
                List.of(Installed.java(), "-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=160m"));
        // options of the module system that Spark needs, as given to this JVM
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option ->
                        option.startsWith("--add-") || option.startsWith("-Djdk.") || option.startsWith("-Dio."))
                .toList());
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of(
                "-Dspark.master=local[2]",
                "-Dspark.ui.enabled=false",
                "-Dlog4j2.configurationFile=conf/log4j2.properties",
                "-cp",
                String.join(":", classPath)));
        command.addAll(main);
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        process = builder.start();
        commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "responses of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(RESPONSE)) {
                    responses.add(line.substring(RESPONSE.length()));
                }
            }
        } catch (IOException e) {
            // the process was killed
        }
        responses.add("ended");
    }

    ProgramProcess ready() throws Exception {
        assertThat(response()).isEqualTo("ready");
        return this;
    }

    /** Sends a command and waits for its response. */
    String ask(String command) throws Exception {
        tell(command);
        return response();
    }

    /** Sends a command. */
    void tell(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
    }

    String response() throws Exception {
        String response = responses.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(response)
                .as("response; its output:%n%s", output())
                .isNotNull()
                .isNotEqualTo("ended");
        return response;
    }

    /**
     * Waits for a condition while the process executes a command. Returns whether the condition was met before the response.
     */
    boolean until(String what, Callable<Boolean> condition) throws Exception {
        Waiting.until(what, PATIENCE, () -> condition.call() || !responses.isEmpty());
        return responses.isEmpty();
    }

    /** Sends SIGSTOP, SIGCONT or another signal. */
    void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
        assertThat(kill.waitFor()).as("exit code of kill").isZero();
    }

    /** Sends SIGKILL. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Returns the output so far, except responses. */
    String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        kill();
    }
}
