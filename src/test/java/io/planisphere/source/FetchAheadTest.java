package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.planisphere.image.EncodedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests how far ahead a task fetches, counted in requests to a store that responds only when a number of them are waiting; no
 * clock is used.
 */
class FetchAheadTest {
    /** Responds to no request until a number of requests are waiting, then to all of them: one latency. */
    private static final class Together implements AutoCloseable {
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicInteger latencies = new AtomicInteger();
        private final CyclicBarrier barrier;
        private final HttpServer server;

        Together(int requests, byte[] body) throws IOException {
            barrier = new CyclicBarrier(requests, latencies::incrementAndGet);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try (exchange) {
                    barrier.await(1, TimeUnit.MINUTES);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                } catch (Exception e) { // too few requests came
                    exchange.sendResponseHeaders(500, -1);
                }
            });
            server.start();
        }

        Iterator<Reference> photos(int count) {
            String host = "http://" + server.getAddress().getHostString() + ":"
                    + server.getAddress().getPort();
            return IntStream.range(0, count)
                    .mapToObj(i -> new Reference("p" + i, host + "/" + i))
                    .iterator();
        }

        @Override
        public void close() {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    void slowObjectsTakeOneLatencyPerWindowOfRequests() throws IOException {
        try (Together store = new Together(16, Photos.png(1));
                Fetcher fetcher = fetcher(new FetchLimits(16, 16, 64 << 20, 100_000))) {
            Iterator<EncodedImage> photos = fetcher.fetch(store.photos(160));
            int ok = 0;
            while (photos.hasNext()) {
                ok += photos.next() instanceof EncodedImage.Ok ? 1 : 0;
            }

            assertThat(ok).isEqualTo(160);
            assertThat(store.latencies).hasValue(10);
        }
    }

    private static Fetcher fetcher(FetchLimits limits) {
        return new Fetcher(new Configuration(), limits, WebServer.TRUSTED, Fetcher.Order.LISTED);
    }

    /** The local file system, which counts the bytes that are read and not taken yet. */
    public static final class Counting extends RawLocalFileSystem {
        static final AtomicInteger TAKEN = new AtomicInteger();
        static final AtomicInteger OPENED = new AtomicInteger();
        static final AtomicInteger MOST_HELD = new AtomicInteger();

        @Override
        public URI getUri() {
            return URI.create("counting:///");
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferBytes) throws IOException {
            MOST_HELD.accumulateAndGet(OPENED.incrementAndGet() - TAKEN.get(), Math::max);
            return super.open(path, bufferBytes);
        }
    }

    @Test
    void bytesHeldForASlowTaskStayUnderTheLimit(@TempDir Path folder) throws IOException {
        Configuration hadoop = new Configuration();
        hadoop.setClass("fs.counting.impl", Counting.class, org.apache.hadoop.fs.FileSystem.class);
        Path photo = Files.write(folder.resolve("p"), new byte[30_000]);
        List<Reference> references = Collections.nCopies(300, new Reference("p", "counting:" + photo));
        try (Fetcher fetcher = new Fetcher(hadoop, new FetchLimits(32, 32, 100_000, 100_000))) {
            Iterator<EncodedImage> photos = fetcher.fetch(references.iterator());
            while (photos.hasNext()) {
                photos.next();
                Counting.TAKEN.incrementAndGet();
            }
        }

        assertThat(Counting.OPENED).hasValue(300);
        // three fit; the photo that was just taken is counted slightly later than its bytes are free
        assertThat(Counting.MOST_HELD.get()).isBetween(2, 4);
    }
}
