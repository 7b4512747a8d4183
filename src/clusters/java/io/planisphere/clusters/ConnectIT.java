package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.PlanisphereExtensions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The functions on a server of Spark Connect, called by clients in Python and Java that have no Spark of their own. */
class ConnectIT {
    private static final Path CONNECT = Path.of("target/connect");
    private static final Pattern VERSION = Pattern.compile("spark-connect_2\\.13-(.+)\\.jar");

    @TempDir
    private static Path folder = Path.of("");

    private static String address = "";
    private static List<ServerProcess> servers = new ArrayList<>();

    @BeforeAll
    static void startTheServer() throws Exception {
        int port = Installed.freePort();
        address = "sc://127.0.0.1:" + port;
        List<String> command = new ArrayList<>(List.of(Installed.java(), "-Xmx1500m", "-XX:TieredStopAtLevel=1"));
        command.addAll(moduleOptions());
        command.addAll(List.of(
                "-Dlog4j2.configurationFile=conf/log4j2.properties",
                "-cp",
                Installed.spark() + "/jars/*:" + CONNECT.resolve("server") + "/*",
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--conf",
                "spark.ui.enabled=false",
                "--conf",
                "spark.connect.grpc.binding.address=127.0.0.1",
                "--conf",
                "spark.connect.grpc.binding.port=" + port,
                "--conf",
                "spark.sql.extensions=" + PlanisphereExtensions.class.getName(),
                "--jars",
                "target/planisphere.jar",
                "--class",
                "org.apache.spark.sql.connect.service.SparkConnectServer",
                "spark-internal"));
        ServerProcess server = new ServerProcess(command, Installed.environment(), folder.resolve("server.log"));
        servers.add(server);
        Waiting.until("the server listens", Duration.ofMinutes(2), () -> {
            assertThat(server.process().isAlive()).as(server.output()).isTrue();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    @AfterAll
    static void stopTheServer() {
        servers.forEach(ServerProcess::close);
    }

    @Test
    void aPythonClientCallsTheFunctions() throws Exception {
        String python = installClient();

        String output = run(
                List.of(python, "src/test/python/check_functions.py", address),
                Map.of("PYTHONPATH", "src/main/python", "PYTHONDONTWRITEBYTECODE", "1"));

        assertThat(output)
                .contains("ok: statuses", "ok: faces", "ok: great_circle_km", "ok: a catalog", "ok: no photo");
    }

    @Test
    void aJavaClientGetsValuesBySqlAndOneClearMessageOtherwise() throws Exception {
        List<String> classPath = new ArrayList<>(List.of("target/test-classes", "target/planisphere.jar"));
        classPath.addAll(jars(CONNECT.resolve("client"), ".*"));
        classPath.addAll(jars(Installed.spark().resolve("jars"), "(?!spark-(sql|catalyst|core|mllib)_).*"));
        List<String> command = new ArrayList<>(List.of(Installed.java(), "-Xmx600m"));
        command.addAll(moduleOptions());
        command.addAll(List.of("-cp", String.join(":", classPath), ConnectProgram.class.getName()));
        command.addAll(List.of(
                address,
                Path.of("src/samples/photos/chelsea.jpg").toAbsolutePath().toString()));

        String output = run(command, Map.of());

        List<String> responses = Pattern.compile("(?m)^= (.*)$")
                .matcher(output)
                .results()
                .map((MatchResult line) -> line.group(1))
                .toList();
        assertThat(responses).as(output).hasSize(4);
        assertThat(responses.get(0)).contains("cat");
        assertThat(responses.get(1))
                .isEqualTo("Planisphere.classify needs a table of a classic Spark session, got one of Spark Connect;"
                        + " call the SQL function classify(content) instead (docs/library.md)");
        assertThat(responses.get(2)).contains("call the SQL function faces(content) instead");
        assertThat(responses.get(3))
                .isEqualTo("Planisphere.register needs a classic Spark session, got one of Spark Connect; start its"
                        + " server with --conf spark.sql.extensions=io.planisphere.PlanisphereExtensions");
    }

    /** Installs the client of the server's version; returns its Python. */
    private static String installClient() throws Exception {
        String version = jars(CONNECT.resolve("server"), VERSION.pattern()).stream()
                .map(jar ->
                        VERSION.matcher(jar).results().findFirst().orElseThrow().group(1))
                .findFirst()
                .orElseThrow();
        Path environment = CONNECT.resolve("python-" + version);
        String python = environment.resolve("bin/python").toString();
        Path done = environment.resolve("done");
        if (!Files.exists(done)) {
            run(List.of("python3", "-m", "venv", environment.toString()), Map.of());
            run(List.of(python, "-m", "pip", "install", "-q", "pyspark-client==" + version), Map.of());
            Files.createFile(done);
        }
        return python;
    }

    private static String run(List<String> command, Map<String, String> environment) throws Exception {
        Path log = Files.createTempFile(folder, "command", ".log");
        try (ServerProcess process = new ServerProcess(command, environment, log)) {
            assertThat(process.process().waitFor(5, TimeUnit.MINUTES))
                    .as("it ends: %s%n%s", command, process.output())
                    .isTrue();
            assertThat(process.process().exitValue())
                    .as("exit code of %s%n%s", command, process.output())
                    .isZero();
            return process.output();
        }
    }

    private static List<String> jars(Path directory, String name) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .map(Path::toString)
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    /** Returns the options of the module system that Spark needs, as given to this JVM. */
    private static List<String> moduleOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--add-"))
                .toList();
    }
}
