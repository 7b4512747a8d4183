package io.planisphere.spark.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs each turn in a new process, with the options, class path and Spark configuration of this one. Its time therefore includes
 * opening the network, compiling and, for the job, loading classes and Spark's start.
 *
 * @param command arguments of {@code io.planisphere.Main} for any turn; those of one turn follow
 * @param master Spark's master, which a program may have set without a system property
 */
record ColdTurns(List<String> command, String master) {
    /** Begins the line with a turn's figures. */
    private static final String MARK = "turn ";

    private static final ObjectMapper JSON = new ObjectMapper();

    ColdTurns {
        command = List.copyOf(command);
    }

    /** Runs one turn. */
    Turn run(List<String> arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        configuration().forEach((key, value) -> line.add("-D" + key + "=" + value));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.planisphere.Main"));
        line.addAll(command);
        line.addAll(arguments);
        Process process = new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        JsonNode figures = output.lines()
                .filter(each -> each.startsWith(MARK))
                .findFirst()
                .map(ColdTurns::parsed)
                .orElseThrow(
                        () -> new IOException("A turn in a new process ended with exit code " + code + ": " + output));
        return new Turn(
                figures.get("photos").asLong(),
                figures.get("seconds").asDouble(),
                figures.get("core_seconds").asDouble());
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line.substring(MARK.length()));
        } catch (IOException e) {
            throw new IllegalStateException("No figures of a turn: " + line, e);
        }
    }

    /** Returns the system properties from which Spark takes its configuration. */
    private Map<String, String> configuration() {
        Map<String, String> spark = new TreeMap<>();
        for (String key : System.getProperties().stringPropertyNames()) {
            if (key.startsWith("spark.")) {
                spark.put(key, System.getProperty(key));
            }
        }
        spark.put("spark.master", master);
        return spark;
    }

    /** Returns the seconds since the start of this process. */
    static double age() {
        return (System.currentTimeMillis()
                        - ManagementFactory.getRuntimeMXBean().getStartTime())
                / 1e3;
    }

    /** Returns the line that a turn's process prints at its end. */
    static String line(Turn turn) {
        return MARK
                + JSON.createObjectNode()
                        .put("photos", turn.photos())
                        .put("seconds", turn.seconds())
                        .put("core_seconds", turn.coreSeconds());
    }
}
