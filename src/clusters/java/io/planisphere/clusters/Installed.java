package io.planisphere.clusters;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Spark and the Java that everything here runs on, and free ports for it. */
final class Installed {
    private Installed() {}

    /** Of the profile; its folder {@code jars} is what matters. */
    static Path spark() {
        return Path.of(System.getProperty("clusters.spark", "target/spark")).toAbsolutePath();
    }

    static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    /** What makes a folder of jars an installation, and keeps its servers on loopback. */
    static Map<String, String> environment() {
        return Map.of(
                "SPARK_HOME", spark().toString(),
                "SPARK_SCALA_VERSION", "2.13",
                "SPARK_LOCAL_IP", "127.0.0.1");
    }

    /** The command line of one of Spark's own servers. */
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
