package io.planisphere;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A store that answers late, as one in another room does: serves the files of a folder from memory, each answer after a delay,
 * any number at a time. A process of its own, so that its work is not the job's.
 *
 * <p>Arguments: folder. Prints its port. The path {@code /MILLIS/n/NAME} is the file NAME after MILLIS, whatever n.
 */
public final class SlowStore {
    private final Map<String, byte[]> files = new HashMap<>();
    // answers wait in its queue, not in its threads
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(4);

    private SlowStore(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
    }

    public static void main(String[] args) throws IOException {
        System.setProperty("sun.net.httpserver.nodelay", "true"); // else small answers take 40 ms of their own
        SlowStore store = new SlowStore(Path.of(args[0]));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        server.setExecutor(Executors.newFixedThreadPool(2));
        server.createContext("/", store::answerLater);
        server.start();
        System.out.println(server.getAddress().getPort());
    }

    private void answerLater(HttpExchange exchange) {
        List<String> path = List.of(exchange.getRequestURI().getPath().split("/", -1));
        var unused = later.schedule(
                () -> answer(exchange, path.get(path.size() - 1)), Long.parseLong(path.get(1)), TimeUnit.MILLISECONDS);
    }

    private void answer(HttpExchange exchange, String name) {
        try (exchange) {
            byte[] body = files.get(name);
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            if (body != null) {
                exchange.getResponseBody().write(body);
            }
        } catch (IOException e) {
            System.err.println("No answer for " + name + ": " + e.getMessage());
        }
    }
}
