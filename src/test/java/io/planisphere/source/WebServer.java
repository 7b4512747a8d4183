package io.planisphere.source;

import com.sun.net.httpserver.HttpServer;
import io.planisphere.http.HttpLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server on the loopback interface that behaves well or badly. */
public final class WebServer implements AutoCloseable {
    /** Access rules that allow fetches from this server. */
    static final Access TRUSTED = access(HttpLimits.DEFAULT);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final HttpServer server;

    /** Creates the response to each request for a path. */
    @FunctionalInterface
    public interface Answers {
        /**
         * Returns the response.
         *
         * @param request the number of this request for the path, from 1
         */
        Answer to(String path, int request);
    }

    /** A response: a status code, headers by name, and a body; no body is sent if it is empty. */
    public record Answer(int code, Map<String, String> headers, ByteBuffer body) {
        public static Answer of(int code, String... header) {
            return new Answer(
                    code, header.length == 0 ? Map.of() : Map.of(header[0], header[1]), ByteBuffer.allocate(0));
        }

        public static Answer ok(byte[] body) {
            return new Answer(200, Map.of(), ByteBuffer.wrap(body));
        }
    }

    public WebServer(Answers answers) throws IOException {
        this(answers, HttpServer.create());
    }

    WebServer(Answers answers, HttpServer server) throws IOException {
        this.server = server;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().toString();
                int number = requests.computeIfAbsent(path, any -> new AtomicInteger())
                        .incrementAndGet();
                Answer answer = answers.to(path, number);
                answer.headers()
                        .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
                int length = answer.body().remaining();
                exchange.sendResponseHeaders(answer.code(), length == 0 ? -1 : length);
                exchange.getResponseBody().write(answer.body().array());
            }
        });
        server.start();
    }

    static Access access(HttpLimits limits) {
        return new Access(Allowed.DEFAULT, limits, Set.of("127.0.0.1", "localhost"));
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** Returns the number of requests for a path so far. */
    int requests(String path) {
        return requests.getOrDefault(path, new AtomicInteger()).get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** A server below the level of HTTP, whose handler controls the connection. */
    static final class Raw implements AutoCloseable {
        private final ServerSocket socket;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicInteger connections = new AtomicInteger();

        /** Handles a connection before it is closed. */
        @FunctionalInterface
        interface Manners {
            void with(Socket connection, OutputStream out) throws IOException, InterruptedException;
        }

        Raw(Manners manners) throws IOException {
            this(InetAddress.getLoopbackAddress(), manners);
        }

        Raw(InetAddress address, Manners manners) throws IOException {
            socket = new ServerSocket(0, 512, address);
            threads.execute(() -> {
                while (!socket.isClosed()) {
                    try {
                        Socket connection = socket.accept();
                        connections.incrementAndGet();
                        threads.execute(() -> serve(connection, manners));
                    } catch (IOException e) {
                        return; // closed
                    }
                }
            });
        }

        private static void serve(Socket connection, Manners manners) {
            try (connection) {
                connection.getInputStream().read(new byte[4096]);
                manners.with(connection, connection.getOutputStream());
            } catch (IOException e) {
                return; // the client has closed the connection
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Returns the head of a response. */
        static byte[] head(String... lines) {
            return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }

        int connections() {
            return connections.get();
        }

        String url(String path) {
            return "http://127.0.0.1:" + socket.getLocalPort() + path;
        }

        @Override
        public void close() throws IOException {
            socket.close();
            threads.shutdownNow();
        }
    }
}
