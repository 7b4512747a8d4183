package io.planisphere.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Spark's standalone cluster: a master and workers with one core each, every one a process on loopback. */
final class StandaloneCluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final int port = Installed.freePort();
    private final int webPort = Installed.freePort();
    private final List<ServerProcess> workers = new ArrayList<>();
    private final ServerProcess master;

    StandaloneCluster(Path folder, int workerCount) throws Exception {
        this.folder = Files.createDirectories(folder);
        master = start(
                "master",
                "127.0.0.1",
                "org.apache.spark.deploy.master.Master",
                List.of("--host", "127.0.0.1", "--port", "" + port, "--webui-port", "" + webPort));
        try {
            Waiting.until("the master answers", PATIENCE, this::answers);
            for (int i = 0; i < workerCount; i++) {
                addWorker();
            }
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    String url() {
        return "spark://127.0.0.1:" + port;
    }

    /** Returns the options that run a job on this cluster, with one executor per core. */
    String[] options() {
        return new String[] {
            "--master",
            url(),
            "--conf",
            "spark.executor.cores=1",
            "--conf",
            "spark.executor.memory=600m",
            "--conf",
            "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1",
            "--conf",
            "spark.driver.memory=1g",
            "--conf",
            "spark.sql.shuffle.partitions=2"
        };
    }

    /**
     * Adds a worker; returns when the master has registered it. Each worker has a separate loopback address, as if it were
     * another machine, because Spark does not run a speculative attempt on the host of the first attempt.
     */
    void addWorker() throws Exception {
        int known = workers.size();
        String name = "worker-" + known;
        String host = "127.0.0." + (2 + known);
        workers.add(start(
                name,
                host,
                "org.apache.spark.deploy.worker.Worker",
                List.of(
                        "--host",
                        host,
                        "--webui-port",
                        "0",
                        "--cores",
                        "1",
                        "--memory",
                        "700m",
                        "--work-dir",
                        folder.resolve(name).toString(),
                        url())));
        Waiting.until(name + " is known to the master", PATIENCE, () -> aliveWorkers() == known + 1);
    }

    /** Returns the live processes of executors. */
    List<ProcessHandle> executors() {
        return workers.stream().flatMap(worker -> worker.children().stream()).toList();
    }

    /** Sends SIGKILL to a worker that has an executor. */
    void killBusyWorker() {
        for (ServerProcess worker : workers) {
            if (worker.process().isAlive() && !worker.children().isEmpty()) {
                worker.kill();
                return;
            }
        }
        throw new AssertionError("No worker has an executor");
    }

    int aliveWorkers() throws IOException {
        return state().get("aliveworkers").asInt();
    }

    private JsonNode state() throws IOException {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + webPort + "/json/").toURL().openStream()) {
            return JSON.readTree(in);
        }
    }

    private boolean answers() throws IOException {
        if (!master.process().isAlive()) {
            throw new AssertionError("The master ended; its output:\n" + master.output());
        }
        try {
            return state().has("aliveworkers");
        } catch (IOException e) {
            return false;
        }
    }

    private ServerProcess start(String name, String host, String main, List<String> arguments) throws IOException {
        Map<String, String> environment = new HashMap<>(Installed.environment());
        environment.put("SPARK_LOCAL_IP", host);
        environment.put("SPARK_LOCAL_DIRS", folder.resolve(name + "-local").toString());
        // the REST submission server would take a port that others may have
        List<String> properties = List.of("-Dspark.master.rest.enabled=false", "-Dspark.worker.timeout=10");
        return new ServerProcess(
                Installed.server(main, properties, arguments), environment, folder.resolve(name + ".log"));
    }

    @Override
    public void close() {
        for (ServerProcess worker : workers) {
            worker.close();
        }
        master.close();
    }
}
