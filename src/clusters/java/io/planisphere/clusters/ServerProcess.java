package io.planisphere.clusters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A process that runs until it is killed with all processes that it has started. Its output goes to a file. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    // after its parent's death a child has another parent, under which it would not be found
    private final Set<ProcessHandle> children = ConcurrentHashMap.newKeySet();

    ServerProcess(List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SPARK_") || name.startsWith("HADOOP_"));
        builder.environment().putAll(environment);
        this.log = log;
        process = builder.start();
    }

    Process process() {
        return process;
    }

    /** Returns the live processes that it has started. */
    List<ProcessHandle> children() {
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            descendants.forEach(children::add);
        }
        return children.stream().filter(ProcessHandle::isAlive).toList();
    }

    /** Sends SIGKILL. */
    void kill() {
        children();
        process.destroyForcibly();
        process.onExit().join();
    }

    String output() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        kill();
        children().forEach(ProcessHandle::destroyForcibly);
    }
}
