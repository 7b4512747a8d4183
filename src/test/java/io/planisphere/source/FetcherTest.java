package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherTest {
    private static final FetchLimits LIMITS = new FetchLimits(4, 4, 1 << 20, 100_000);

    private final Path folder;

    FetcherTest(@TempDir Path folder) {
        this.folder = folder;
    }

    /** The local file system with faults. */
    public static final class Moody extends RawLocalFileSystem {
        static final AtomicInteger FAILURES_LEFT = new AtomicInteger();
        static final AtomicInteger OPENED = new AtomicInteger();

        @Override
        public URI getUri() {
            return URI.create("moody:///");
        }

        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            if (path.getName().contains("hanging")) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new InterruptedIOException("closed");
                }
            }
            if (path.getName().contains("forbidden")) {
                throw new AccessControlException("user nobody may not read it");
            }
            return super.getFileStatus(path);
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferBytes) throws IOException {
            OPENED.incrementAndGet();
            if (FAILURES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IOException("connection reset");
            }
            return super.open(path, bufferBytes);
        }
    }

    @Test
    void photosAreReturnedInTheOrderOfTheirReferences() throws IOException {
        List<Reference> references = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            references.add(write("p" + i + ".png", Photos.png(i)));
        }

        List<EncodedImage> images = fetch(references);

        assertThat(images).hasSize(500);
        for (int i = 0; i < 500; i++) {
            EncodedImage.Ok ok = (EncodedImage.Ok) images.get(i);
            assertThat(ok.id()).isEqualTo("p" + i + ".png");
            assertThat(ok.bytes()).isEqualTo(Photos.png(i));
        }
    }

    @Test
    void pathsAreTakenLiterally() throws IOException {
        List<Reference> references = List.of(
                write("with space.png", Photos.png(1)),
                write("a#b?c.png", Photos.png(2)),
                write("100%.png", Photos.png(3)),
                write("a%20b.png", Photos.png(4)),
                write("[ab]{c,d}*.png", Photos.png(5)),
                write("日本é.png", Photos.png(6)),
                write("a:b.png", Photos.png(7)));
        List<Reference> withScheme = references.stream()
                .map(reference -> new Reference(reference.id(), "file:" + reference.uri()))
                .toList();

        assertThat(fetch(references)).allMatch(EncodedImage.Ok.class::isInstance);
        assertThat(fetch(withScheme)).allMatch(EncodedImage.Ok.class::isInstance);
    }

    @Test
    void unreadablePhotosGiveRowsWithTheReason() throws IOException {
        Files.createDirectory(folder.resolve("dir.png"));
        List<EncodedImage> images = fetch(List.of(
                new Reference("1", folder + "/none.png"),
                new Reference("2", folder + "/no%20ne.png"),
                new Reference("3", folder + "/dir.png"),
                new Reference("4", ""),
                new Reference("5", "odd://host/x.png"),
                new Reference("6", "s3a://bucket/x.png"),
                new Reference("7", "moody:" + folder + "/forbidden.png"),
                write("ok.png", Photos.png(1))));

        assertThat(images.subList(0, 7))
                .extracting(image -> ((EncodedImage.Rejected) image).why())
                .containsOnly(Status.MISSING, Status.FORBIDDEN)
                .endsWith(Status.MISSING, Status.FORBIDDEN);
        assertThat(images.subList(0, 7))
                .extracting(image -> ((EncodedImage.Rejected) image).detail())
                .satisfiesExactly(
                        detail -> assertThat(detail).isEqualTo("Nothing to read at " + folder + "/none.png"),
                        detail -> assertThat(detail).endsWith("(paths are taken literally, %20 is no space)"),
                        detail -> assertThat(detail).startsWith("A folder stands at "),
                        detail -> assertThat(detail).startsWith("No path can be made of ''"),
                        detail -> assertThat(detail).startsWith("This Hadoop has no file system for odd:"),
                        detail -> assertThat(detail).contains("s3a: cannot be loaded", "hadoop-aws"),
                        detail -> assertThat(detail).contains("Permission denied", "may not read it"));
        assertThat(images.get(7)).isInstanceOf(EncodedImage.Ok.class);
    }

    @Test
    void aPhotoOverTheSizeLimitIsRejectedAndAnEmptyOneHasNoBytes() throws IOException {
        List<EncodedImage> images =
                fetch(List.of(write("big.png", new byte[100_001]), write("empty.png", new byte[0])));

        EncodedImage.Rejected big = (EncodedImage.Rejected) images.get(0);
        assertThat(big.why()).isEqualTo(Status.TOO_LARGE);
        assertThat(big.detail()).isEqualTo("100001 bytes, the cap is 100000; raise --max-bytes to read it");
        assertThat(((EncodedImage.Ok) images.get(1)).bytes()).isEmpty();
    }

    @Test
    void bytesInFlightStayUnderTheLimitExceptForOnePhoto() throws IOException {
        List<Reference> references = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            references.add(write("p" + i, new byte[i % 7 == 0 ? 5000 : 400]));
        }

        assertThat(fetch(references, new FetchLimits(8, 8, 1000, 100_000)))
                .hasSize(60)
                .allMatch(EncodedImage.Ok.class::isInstance);
    }

    @Test
    void transientFailuresOfStorageAreRetried() throws IOException {
        Reference reference = moody("p.png");
        Moody.FAILURES_LEFT.set(3);

        assertThat(fetch(List.of(reference))).singleElement().isInstanceOf(EncodedImage.Ok.class);
    }

    @Test
    void permanentFailuresOfStorageFailTheTask() throws IOException {
        Reference reference = moody("p.png");
        Moody.FAILURES_LEFT.set(4);
        Moody.OPENED.set(0);

        assertThatThrownBy(() -> fetch(List.of(reference)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Cannot read " + reference.uri() + " after 4 attempts")
                .hasMessageContaining("connection reset");
        assertThat(Moody.OPENED).hasValue(4);
    }

    @Test
    void aStorageThatNeverRespondsFailsTheTask() throws IOException {
        Reference reference = moody("hanging.png");

        assertThatThrownBy(() ->
                        fetch(List.of(reference), new FetchLimits(4, 4, 1 << 20, 100_000, Duration.ofMillis(300))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Cannot read " + reference.uri() + ": its file system has not answered for 0 s");
    }

    @Test
    void referencesAreReadAheadOnlyWithinTheWindow() throws IOException {
        Reference reference = write("p.png", Photos.png(1));
        AtomicLong asked = new AtomicLong();
        try (Fetcher fetcher = new Fetcher(hadoop(), LIMITS)) {
            var images = fetcher.fetch(IntStream.range(0, 1000)
                    .mapToObj(i -> {
                        asked.incrementAndGet();
                        return reference;
                    })
                    .iterator());
            assertThat(asked.get()).isLessThanOrEqualTo(1);
            images.next();
            assertThat(asked.get()).isBetween(4L, 7L);
        }
    }

    @Test
    void photosOfUnknownLengthAreReadCompletelyOverHttp() throws IOException {
        List<byte[]> bodies = new ArrayList<>();
        for (int length : new int[] {0, 1, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1 << 19, 1_000_000}) {
            byte[] body = new byte[length];
            new Random(length).nextBytes(body);
            bodies.add(body);
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = bodies.get(
                    Integer.parseInt(exchange.getRequestURI().getPath().substring(1)));
            exchange.sendResponseHeaders(200, 0); // chunked
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        String host = "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort() + "/";
        try (Fetcher fetcher = new Fetcher(
                hadoop(),
                new FetchLimits(2, 2, 1 << 20, 1_000_000),
                WebServer.TRUSTED,
                Fetcher.Order.LISTED,
                Duration.ofMillis(1))) {
            List<Reference> references = IntStream.range(0, 3 * bodies.size())
                    .mapToObj(i -> new Reference("p" + i, host + i % bodies.size()))
                    .toList();
            int i = 0;
            for (Iterator<EncodedImage> photos = fetcher.fetch(references.iterator()); photos.hasNext(); i++) {
                EncodedImage.Ok photo = (EncodedImage.Ok) photos.next();
                assertThat(photo.id()).isEqualTo("p" + i);
                assertThat(photo.bytes()).isEqualTo(bodies.get(i % bodies.size()));
                photo.content().release(); // for reuse by one of the next photos, which are being fetched
            }
            assertThat(i).isEqualTo(references.size());
        } finally {
            server.stop(0);
        }
    }

    private Reference write(String name, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve(name), bytes);
        return new Reference(name, file.toString());
    }

    private Reference moody(String name) throws IOException {
        Reference reference = write(name, Photos.png(1));
        return new Reference(name, "moody:" + reference.uri());
    }

    private static List<EncodedImage> fetch(List<Reference> references) {
        return fetch(references, LIMITS);
    }

    private static List<EncodedImage> fetch(List<Reference> references, FetchLimits limits) {
        try (Fetcher fetcher =
                new Fetcher(hadoop(), limits, WebServer.TRUSTED, Fetcher.Order.LISTED, Duration.ofMillis(1))) {
            List<EncodedImage> images = new ArrayList<>();
            fetcher.fetch(references.iterator()).forEachRemaining(images::add);
            return images;
        }
    }

    private static Configuration hadoop() {
        Configuration hadoop = new Configuration();
        hadoop.setClass("fs.moody.impl", Moody.class, org.apache.hadoop.fs.FileSystem.class);
        return hadoop;
    }
}
