package io.planisphere.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads Spark's own event log of the tasks of jobs: {@code spark.eventLog}. */
record EventLog(Path folder) {
    private static final String TASK_END = "SparkListenerTaskEnd";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the options that make Spark write the event log. */
    static String[] options(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new String[] {
            "--conf",
            "spark.eventLog.enabled=true",
            "--conf",
            "spark.eventLog.compress=false",
            "--conf",
            "spark.eventLog.dir=" + folder.toUri()
        };
    }

    /** Returns the executors that completed a task successfully. */
    Set<String> executors() throws IOException {
        return events(TASK_END).stream()
                .filter(task -> task.at("/Task End Reason/Reason").asText().equals("Success"))
                .map(task -> task.at("/Task Info/Executor ID").asText())
                .collect(Collectors.toSet());
    }

    /** Returns the number of speculative attempts. */
    long speculativeTasks() throws IOException {
        return events("SparkListenerTaskStart").stream()
                .filter(task -> task.at("/Task Info/Speculative").asBoolean())
                .count();
    }

    /** Returns the number of tasks that were lost with their executor. */
    long lostTasks() throws IOException {
        return events(TASK_END).stream()
                .filter(task -> task.at("/Task End Reason/Reason").asText().equals("ExecutorLostFailure"))
                .count();
    }

    private List<JsonNode> events(String name) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        List<JsonNode> tasks = new ArrayList<>();
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                if (line.contains('"' + name + '"')) {
                    tasks.add(JSON.readTree(line));
                }
            }
        }
        return tasks;
    }
}
