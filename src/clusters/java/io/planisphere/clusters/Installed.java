package io.planisphere.clusters;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The installed Spark and Java that all tests of this package use, and free ports for them. */
final class Installed {
    private Installed() {}

    /** Returns the Spark folder of the Maven profile; only its folder {@code jars} matters. */
    static Path spark() {
        return Path.of(System.getProperty("clusters.spark", "target/spark")).toAbsolutePath();
    }

    static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    /** Returns the variables that make a folder of jars a Spark installation, and that bind its servers to loopback. */
    static Map<String, String> environment() {
        return Map.of(
                "SPARK_HOME", spark().toString(),
                "SPARK_SCALA_VERSION", "2.13",
                "SPARK_LOCAL_IP", "127.0.0.1");
    }

    /** Returns the command line of one of Spark's own servers. */
    static List<String> server(String main, List<String> systemProperties, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx512m"));
        command.addAll(systemProperties);
        command.addAll(List.of("-cp", spark() + "/jars/*", main));
        command.addAll(arguments);
        return command;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
