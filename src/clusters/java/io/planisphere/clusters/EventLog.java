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

/** What Spark itself wrote down about the tasks of jobs: {@code spark.eventLog}. */
record EventLog(Path folder) {
    private static final String TASK_END = "SparkListenerTaskEnd";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The options that make Spark write it. */
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

    /** Executors that ended a task well. */
    Set<String> executors() throws IOException {
        return events(TASK_END).stream()
                .filter(task -> task.at("/Task End Reason/Reason").asText().equals("Success"))
                .map(task -> task.at("/Task Info/Executor ID").asText())
                .collect(Collectors.toSet());
    }

    /** Second attempts that ran beside the first. */
    long speculativeTasks() throws IOException {
        return events("SparkListenerTaskStart").stream()
                .filter(task -> task.at("/Task Info/Speculative").asBoolean())
                .count();
    }

    /** Tasks that went with their executor. */
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
