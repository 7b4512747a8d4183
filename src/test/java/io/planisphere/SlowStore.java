package io.planisphere;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A store with latency, as of a remote one: serves the files of a folder from memory, each response after a delay, with
 * unlimited concurrency. It is a separate process with a single thread that does as little as possible, because it runs on the
 * cores of the job that is measured, which a real store would not.
 *
 * <p>Arguments: folder. Prints its port. {@code GET /MILLIS/n/NAME} returns the file NAME after MILLIS milliseconds, for any n.
 */
public final class SlowStore {
    private static final int LONGEST_REQUEST = 8192;
    private static final int END_OF_REQUEST = 0x0d0a0d0a; // an empty line

    private final Map<String, ByteBuffer> files = new HashMap<>();
    private final Selector selector = Selector.open();
    private final PriorityQueue<Connection> waiting = new PriorityQueue<>(Comparator.comparing(one -> one.due));

    private SlowStore(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) {
                byte[] content = Files.readAllBytes(file);
                ByteBuffer body = ByteBuffer.allocateDirect(content.length);
                files.put(
                        file.getFileName().toString(), body.put(content).flip().asReadOnlyBuffer());
            }
        }
    }

    public static void main(String[] args) throws IOException {
        SlowStore store = new SlowStore(Path.of(args[0]));
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
            server.configureBlocking(false);
            server.register(store.selector, SelectionKey.OP_ACCEPT);
            System.out.println(((InetSocketAddress) server.getLocalAddress()).getPort());
            while (true) {
                store.serve(server);
            }
        }
    }

    private void serve(ServerSocketChannel server) throws IOException {
        Connection next = waiting.peek();
        if (next == null) {
            selector.select();
        } else {
            long millis = TimeUnit.NANOSECONDS.toMillis(next.due - System.nanoTime() + 999_999);
            if (millis > 0) {
                selector.select(millis);
            } else {
                selector.selectNow();
            }
        }
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isAcceptable()) {
                SocketChannel channel = server.accept();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                SelectionKey reads = channel.register(selector, SelectionKey.OP_READ);
                reads.attach(new Connection(channel, reads));
            } else {
                ((Connection) key.attachment()).goOn();
            }
        }
        selector.selectedKeys().clear();
        while (!waiting.isEmpty() && waiting.peek().due <= System.nanoTime()) {
            waiting.remove().goOn();
        }
    }

    /** Handles one request at a time, then its response. */
    private final class Connection {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final ByteBuffer request = ByteBuffer.allocateDirect(LONGEST_REQUEST);
        private ByteBuffer[] answer = {};
        private long due;

        Connection(SocketChannel channel, SelectionKey key) {
            this.channel = channel;
            this.key = key;
        }

        void goOn() throws IOException {
            try {
                if (answer.length > 0) {
                    write();
                } else if (channel.read(request) < 0) {
                    channel.close();
                } else if (request.position() >= Integer.BYTES
                        && request.getInt(request.position() - Integer.BYTES) == END_OF_REQUEST) {
                    read();
                }
            } catch (IOException e) {
                channel.close(); // the client has closed the connection
            }
        }

        private void read() throws IOException {
            String asked = StandardCharsets.ISO_8859_1.decode(request.flip()).toString();
            request.clear();
            List<String> path = List.of(asked.split(" ", 3)[1].split("/", -1));
            ByteBuffer body = files.get(path.get(path.size() - 1));
            String head = String.format(
                    Locale.ROOT,
                    "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n",
                    body == null ? "404 Not Found" : "200 OK",
                    body == null ? 0 : body.limit());
            answer = new ByteBuffer[] {
                ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)),
                Objects.requireNonNullElse(body, ByteBuffer.allocate(0)).duplicate()
            };
            long millis = Long.parseLong(path.get(1));
            if (millis == 0) {
                write();
            } else {
                key.interestOps(0); // reads no further request until the response is sent
                due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                waiting.add(this);
            }
        }

        private void write() throws IOException {
            channel.write(answer);
            boolean written = !answer[1].hasRemaining();
            key.interestOps(written ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
            if (written) {
                answer = new ByteBuffer[0];
            }
        }
    }
}
