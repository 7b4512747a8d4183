package io.planisphere.clusters;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * A server of the S3 API, S3Proxy, with objects in memory: over a folder it would not be a flat store, and renames would fail.
 */
final class S3Server implements AutoCloseable {
    private static final String KEY = "planisphere";

    private final int port = Installed.freePort();
    private final ServerProcess server;

    S3Server(Path folder, String bucket) throws Exception {
        Path configuration = Files.writeString(
                folder.resolve("s3proxy.conf"),
                String.join(
                        "\n",
                        "s3proxy.endpoint=" + endpoint(),
                        "s3proxy.authorization=none",
                        "s3proxy.ignore-unknown-headers=true", // checksums that newer clients send
                        "jclouds.provider=transient",
                        "jclouds.identity=" + KEY,
                        "jclouds.credential=" + KEY));
        Path jar = Path.of("target/clusters/s3proxy.jar").toAbsolutePath();
        server = new ServerProcess(
                List.of(Installed.java(), "-Xmx512m", "-jar", jar.toString(), "--properties", configuration.toString()),
                Map.of(),
                folder.resolve("s3proxy.log"));
        try {
            Waiting.until("the S3 server answers", Duration.ofMinutes(1), () -> makes(bucket));
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Returns the settings that make Spark use the server at this endpoint for {@code s3a://}. */
    static Map<String, String> settings(String endpoint) {
        return Map.of(
                "spark.hadoop.fs.s3a.endpoint", endpoint,
                "spark.hadoop.fs.s3a.endpoint.region", "us-east-1",
                "spark.hadoop.fs.s3a.path.style.access", "true",
                "spark.hadoop.fs.s3a.access.key", KEY,
                "spark.hadoop.fs.s3a.secret.key", KEY);
    }

    /** Returns the same settings as command-line options. */
    static String[] options(String endpoint) {
        return settings(endpoint).entrySet().stream()
                .flatMap(setting -> Stream.of("--conf", setting.getKey() + "=" + setting.getValue()))
                .toArray(String[]::new);
    }

    /** Returns the same settings for a file system of this JVM. */
    static Configuration configuration(String endpoint) {
        Configuration hadoop = new Configuration();
        settings(endpoint).forEach((key, value) -> hadoop.set(key.substring("spark.hadoop.".length()), value));
        return hadoop;
    }

    /** Returns the jars of the file system, as {@code --packages} would provide them. */
    static String jars() {
        return Path.of("target/clusters/s3a").toAbsolutePath() + "/*";
    }

    private boolean makes(String bucket) throws Exception {
        if (!server.process().isAlive()) {
            throw new AssertionError("The S3 server ended; its output:\n" + server.output());
        }
        try {
            HttpURLConnection question = (HttpURLConnection)
                    URI.create(endpoint() + "/" + bucket).toURL().openConnection();
            question.setRequestMethod("PUT");
            return question.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
