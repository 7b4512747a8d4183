package io.planisphere.clusters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The main class of a {@link ProgramProcess}: runs command lines of jobs one after the other in one Spark, and responds to each
 * with its exit code. It lets a test start a driver in advance.
 */
final class JobProgram {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JobProgram() {}

    /** Starts a driver without waiting until Spark is ready. */
    static ProgramProcess start(Map<String, String> settings, Path log) throws IOException {
        return new ProgramProcess(
                settings,
                List.of(
                        Installed.spark() + "/jars/*",
                        S3Server.jars(),
                        "target/planisphere.jar",
                        "target/test-classes"),
                List.of(JobProgram.class.getName()),
                log);
    }

    /** Returns a command line as a command. */
    static String command(List<String> line) throws JsonProcessingException {
        return JSON.writeValueAsString(line);
    }

    /** Runs the program; Spark's settings are system properties. */
    public static void main(String[] arguments) throws IOException {
        PrintStream responses = System.out;
        System.setOut(System.err);
        SparkSession spark = SparkSession.builder().appName("JobProgram").getOrCreate();
        spark.range(1).count();
        responses.println("= ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            List<String> words = JSON.readValue(line, new TypeReference<>() {});
            responses.println("= " + Main.run(words.toArray(String[]::new)));
        }
        spark.stop();
    }
}
