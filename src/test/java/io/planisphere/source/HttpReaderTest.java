package io.planisphere.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.planisphere.http.HttpLimits;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.Status;
import io.planisphere.source.WebServer.Answer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests photos from good and bad web servers, all on the loopback interface: each gives a row, in bounded time. */
@Timeout(60)
class HttpReaderTest {
    private static final byte[] PHOTO = Photos.png(1);
    private static final HttpLimits QUICK =
            new HttpLimits(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(2), 3, 64);

    @Test
    void aServerThatNeverRespondsIsUnreachable() throws Exception {
        try (WebServer.Raw server = new WebServer.Raw((connection, out) -> Thread.sleep(60_000))) {
            EncodedImage.Rejected row = rejected(server.url("/x.jpg"));

            assertThat(row.why()).isEqualTo(Status.UNREACHABLE);
            assertThat(row.detail()).startsWith("No answer from 127.0.0.1").endsWith("tried 3 times");
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void aPhotoSentAtOneBytePerSecondIsUnreachable() throws Exception {
        try (WebServer.Raw server = new WebServer.Raw((connection, out) -> {
            out.write(WebServer.Raw.head("HTTP/1.1 200 OK", "Content-Length: 1000"));
            for (int i = 0; i < 1000; i++) {
                out.write(i);
                out.flush();
                Thread.sleep(100); // never silent for a long time
            }
        })) {
            EncodedImage.Rejected row = rejected(server.url("/x.jpg"));

            assertThat(row.why()).isEqualTo(Status.UNREACHABLE);
            assertThat(row.detail()).contains("broke off", "did not arrive in time");
        }
    }

    @Test
    void headersSentAtOneBytePerSecondAreUnreachable() throws Exception {
        try (WebServer.Raw server = new WebServer.Raw((connection, out) -> {
            for (int i = 0; i < 1000; i++) {
                out.write(i < 15 ? "HTTP/1.1 200 OK".charAt(i) : 'x');
                out.flush();
                Thread.sleep(100);
            }
        })) {
            assertThat(rejected(server.url("/x.jpg")).why()).isEqualTo(Status.UNREACHABLE);
        }
    }

    @Test
    void anEndlessBodyIsTooLargeAndReadOnlyToTheLimit() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (WebServer.Raw server = new WebServer.Raw((connection, out) -> {
            try {
                out.write(WebServer.Raw.head("HTTP/1.1 200 OK"));
                while (true) {
                    out.write(new byte[10_000]);
                }
            } finally {
                hungUp.countDown();
            }
        })) {
            EncodedImage.Rejected row = rejected(server.url("/x.jpg"));

            assertThat(row.why()).isEqualTo(Status.TOO_LARGE);
            assertThat(row.detail()).isEqualTo("more bytes than that, the cap is 100000; raise --max-bytes to read it");
            assertThat(hungUp.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aPhotoAnnouncedOverTheSizeLimitIsNotRead() throws Exception {
        try (WebServer server = new WebServer((path, request) -> Answer.ok(new byte[100_001]))) {
            assertThat(rejected(server.url("/x.jpg")).detail()).startsWith("100001 bytes, the cap is 100000");
        }
    }

    @Test
    void aLimitedNumberOfRedirectsIsFollowed() throws Exception {
        try (WebServer server = new WebServer((path, request) -> switch (path) {
            case "/photo.png" -> Answer.ok(PHOTO);
            case "/one" -> Answer.of(302, "Location", "two?x=1");
            case "/two?x=1" -> Answer.of(308, "Location", "/photo.png");
            default -> Answer.of(301, "Location", path + "o");
        })) {
            assertThat(ok(server.url("/one"))).isEqualTo(PHOTO);

            EncodedImage.Rejected loop = rejected(server.url("/lo"));
            assertThat(loop.why()).isEqualTo(Status.UNREACHABLE);
            assertThat(loop.detail()).startsWith("More than 3 redirects");
            assertThat(server.requests("/lo")).isEqualTo(1);
        }
    }

    @Test
    void redirectsToForbiddenTargetsAreRejected(@TempDir Path folder) throws Exception {
        Path secret = Files.write(folder.resolve("secret.png"), PHOTO);
        try (WebServer.Raw metadata = new WebServer.Raw(
                        (connection, out) -> out.write(WebServer.Raw.head("HTTP/1.1 200 OK", "Content-Length: 0")));
                WebServer server = new WebServer((path, request) -> switch (path) {
                    case "/file" -> Answer.of(302, "Location", secret.toUri().toString());
                    case "/none" -> Answer.of(302);
                    case "/metadata" -> Answer.of(302, "Location", "http://169.254.169.254/latest/meta-data/");
                    case "/private" ->
                        Answer.of(302, "Location", metadata.url("/").replace("127.0.0.1", "127.0.0.2"));
                    default -> Answer.of(302, "Location", "/elsewhere");
                })) {
            assertThat(rejected(server.url("/file")))
                    .returns(Status.FORBIDDEN, EncodedImage.Rejected::why)
                    .extracting(EncodedImage.Rejected::detail)
                    .asString()
                    .contains("redirects to 'file:", "no address of the web");
            assertThat(rejected(server.url("/none")).why()).isEqualTo(Status.FORBIDDEN);
            for (String path : List.of("/metadata", "/private")) {
                EncodedImage.Rejected row = rejected(server.url(path));
                assertThat(row.why()).isEqualTo(Status.FORBIDDEN);
                assertThat(row.detail()).contains("of this machine or a private network", "--allow http://1");
            }
            Access photosOnly = new Access(Allowed.of(List.of(server.url("/photos"))), QUICK, Set.of());
            assertThat(rejected(fetch(photosOnly, server.url("/photos/x.png"))))
                    .returns(Status.FORBIDDEN, EncodedImage.Rejected::why)
                    .extracting(EncodedImage.Rejected::detail)
                    .asString()
                    .contains("redirects: --allow does not name " + server.url("/elsewhere"));
            assertThat(metadata.connections()).isZero();
        }
    }

    @Test
    void privateAddressesAreForbiddenUnlessTheHostIsListed() throws Exception {
        try (WebServer server = new WebServer((path, request) -> Answer.ok(PHOTO))) {
            for (String host : List.of("127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0")) {
                String url = "http://" + host + ":" + server.port() + "/x.png";
                EncodedImage.Rejected row = rejected(fetch(new Access(Allowed.DEFAULT, QUICK, Set.of()), url));
                assertThat(row.why()).as(row.detail()).isIn(Status.FORBIDDEN, Status.UNREACHABLE);
            }
            assertThat(server.requests("/x.png")).isZero();

            Access named = new Access(Allowed.of(List.of(server.url("/"))), QUICK, Set.of());
            assertThat(ok(fetch(named, server.url("/x.png")))).isEqualTo(PHOTO);
            Access scheme = new Access(Allowed.of(List.of("http:")), QUICK, Set.of());
            assertThat(rejected(fetch(scheme, server.url("/x.png"))).why()).isEqualTo(Status.FORBIDDEN);
        }
    }

    @Test
    void anInvalidCertificateIsUnreachable(@TempDir Path folder) throws Exception {
        SSLContext usual = SSLContext.getDefault();
        SSLContext tls = selfSigned(folder.resolve("keys.p12"));
        HttpsServer https = HttpsServer.create();
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        try (WebServer server = new WebServer((path, request) -> Answer.ok(PHOTO), https)) {
            String url = server.url("/x.png").replace("http:", "https:");
            EncodedImage.Rejected unknown = rejected(url);
            assertThat(unknown.why()).isEqualTo(Status.UNREACHABLE);
            assertThat(unknown.detail()).contains("127.0.0.1", "certif");

            SSLContext.setDefault(tls);
            assertThat(ok(url)).isEqualTo(PHOTO);
            EncodedImage.Rejected otherHost = rejected(url.replace("127.0.0.1", "localhost"));
            assertThat(otherHost.why()).isEqualTo(Status.UNREACHABLE);
            assertThat(otherHost.detail()).contains("localhost");
            assertThat(server.requests("/x.png")).isEqualTo(1);
        } finally {
            SSLContext.setDefault(usual);
        }
    }

    /** Returns the TLS context of a server at 127.0.0.1 that trusts itself. */
    private static SSLContext selfSigned(Path keys) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "self",
                        "-dname",
                        "CN=photos",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        "secret",
                        "-ext",
                        "san=ip:127.0.0.1")
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        char[] password = "secret".toCharArray();
        KeyStore store = KeyStore.getInstance(keys.toFile(), password);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, password);
        trusted.setCertificateEntry("self", store.getCertificate("self"));
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(store, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return tls;
    }

    @Test
    void aConnectionClosedHalfwayIsRetriedAndThenUnreachable() throws Exception {
        try (WebServer.Raw server = new WebServer.Raw((connection, out) -> {
            out.write(WebServer.Raw.head("HTTP/1.1 200 OK", "Content-Length: " + PHOTO.length));
            out.write(PHOTO, 0, PHOTO.length / 2);
        })) {
            EncodedImage.Rejected row = rejected(server.url("/x.png"));

            assertThat(row.why()).isEqualTo(Status.UNREACHABLE);
            assertThat(row.detail()).contains("broke off").endsWith("tried 3 times");
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void transientServerErrorsAreRetried() throws Exception {
        try (WebServer server =
                new WebServer((path, request) -> request < 3 ? Answer.of(500 + request) : Answer.ok(PHOTO))) {
            assertThat(ok(server.url("/x.png"))).isEqualTo(PHOTO);
        }
    }

    @Test
    void retryAfterAppliesToAllPhotosOfTheHost() throws Exception {
        try (WebServer server = new WebServer((path, request) ->
                path.equals("/first") && request == 1 ? Answer.of(503, "Retry-After", "1") : Answer.ok(PHOTO))) {
            long start = System.nanoTime();
            List<EncodedImage> photos =
                    fetch(WebServer.access(QUICK), server.url("/first"), server.url("/second"), server.url("/third"));

            assertThat(photos).hasSize(3).allMatch(EncodedImage.Ok.class::isInstance);
            assertThat(server.requests("/first")).isEqualTo(2);
            assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void longRetryAfterPausesAreNotWaitedFor() throws Exception {
        try (WebServer server = new WebServer((path, request) -> Answer.of(429, "Retry-After", "3600"))) {
            EncodedImage.Rejected row = rejected(server.url("/x.png"));

            assertThat(row.why()).isEqualTo(Status.UNREACHABLE);
            assertThat(row.detail()).contains("HTTP 429").endsWith("asks to wait 3600 s");
            assertThat(server.requests("/x.png")).isEqualTo(1);
        }
    }

    @Test
    void aBusyServerWithoutRetryAfterIsRetriedUntilItResponds() throws Exception {
        try (WebServer server = new WebServer(
                (path, request) -> request <= 10 ? Answer.of(request % 2 == 0 ? 503 : 429) : Answer.ok(PHOTO))) {
            assertThat(ok(server.url("/x.png"))).isEqualTo(PHOTO);
            assertThat(server.requests("/x.png")).isEqualTo(11);
        }
    }

    @Test
    void httpStatusCodesAreMappedToStatuses() throws Exception {
        try (WebServer server = new WebServer((path, request) -> Answer.of(Integer.parseInt(path.substring(1))))) {
            for (int code : new int[] {401, 403, 407, 451}) {
                assertThat(rejected(server.url("/" + code)))
                        .returns(Status.FORBIDDEN, EncodedImage.Rejected::why)
                        .returns("HTTP " + code + " at " + server.url("/" + code), EncodedImage.Rejected::detail);
            }
            for (int code : new int[] {400, 404, 410, 414}) {
                assertThat(rejected(server.url("/" + code)).why()).isEqualTo(Status.MISSING);
            }
            for (int code : new int[] {408, 500, 502, 504}) {
                assertThat(rejected(server.url("/" + code)).why()).isEqualTo(Status.UNREACHABLE);
            }
        }
    }

    @Test
    void aMissingHostIsUnreachable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(rejected("http://127.0.0.1:" + port + "/x.png").why()).isEqualTo(Status.UNREACHABLE);
        EncodedImage.Rejected unknown = rejected("http://no.such.host.invalid/x.png");
        assertThat(unknown.why()).isEqualTo(Status.UNREACHABLE);
        assertThat(unknown.detail()).startsWith("No address is known for no.such.host.invalid");
    }

    @Test
    void urlsAreEncodedOnlyWhereNecessary() throws Exception {
        try (WebServer server = new WebServer((path, request) -> switch (path) {
            case "/a%20b.png?id=5&x=%2F", "/100%25.png", "/%E6%97%A5%5B1%5D.png" -> Answer.ok(PHOTO);
            default -> Answer.of(404);
        })) {
            for (String path : List.of("/a%20b.png?id=5&x=%2F", "/a b.png?id=5&x=%2F#part", "/100%.png", "/日[1].png")) {
                assertThat(ok(server.url(path))).as(path).isEqualTo(PHOTO);
            }
            assertThat(rejected("http:///x.png").detail()).isEqualTo("'http:///x.png' is no URL");
        }
    }

    @Test
    void slowPhotosDoNotDelayOthers() throws Exception {
        CountDownLatch goodAreThrough = new CountDownLatch(1);
        try (WebServer.Raw slow = new WebServer.Raw((connection, out) -> {
                    goodAreThrough.await(50, TimeUnit.SECONDS);
                    out.write(WebServer.Raw.head("HTTP/1.1 200 OK", "Content-Length: " + PHOTO.length));
                    out.write(PHOTO);
                });
                WebServer server = new WebServer((path, request) -> Answer.ok(PHOTO));
                Fetcher fetcher = new Fetcher(
                        new Configuration(),
                        new FetchLimits(4, 4, 1 << 20, 100_000),
                        WebServer.TRUSTED,
                        Fetcher.Order.SLOW_ONES_LATER)) {
            List<String> ids = new ArrayList<>();
            var photos = fetcher.fetch(IntStream.range(0, 100)
                    .mapToObj(i -> i % 50 == 0
                            ? new Reference("slow" + i, slow.url("/" + i))
                            : new Reference("good" + (100 + i), server.url("/" + i)))
                    .iterator());
            while (photos.hasNext()) {
                EncodedImage photo = photos.next();
                assertThat(photo).isInstanceOf(EncodedImage.Ok.class);
                ids.add(photo.id());
                if (ids.size() == 98) {
                    goodAreThrough.countDown();
                }
            }
            assertThat(ids).hasSize(100).doesNotHaveDuplicates();
            assertThat(ids.subList(98, 100)).containsExactlyInAnyOrder("slow0", "slow50");
        }
    }

    @Test
    void closingCancelsRequestsInFlight() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch hungUp = new CountDownLatch(1);
        try (WebServer.Raw server = new WebServer.Raw((connection, out) -> {
            asked.countDown();
            try {
                connection.getInputStream().transferTo(OutputStream.nullOutputStream());
            } finally {
                hungUp.countDown();
            }
        })) {
            Fetcher fetcher = new Fetcher(
                    new Configuration(),
                    new FetchLimits(4, 4, 1 << 20, 100_000),
                    WebServer.TRUSTED,
                    Fetcher.Order.LISTED);
            Thread reader = new Thread(() -> fetcher.fetch(
                            List.of(new Reference("x", server.url("/x"))).iterator())
                    .forEachRemaining(photo -> {}));
            reader.setUncaughtExceptionHandler((thread, failure) -> {});
            reader.start();
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

            fetcher.close();

            assertThat(hungUp.await(10, TimeUnit.SECONDS)).isTrue();
            reader.join(10_000);
            assertThat(reader.isAlive()).isFalse();
        }
    }

    private static EncodedImage.Rejected rejected(String url) {
        return rejected(fetch(WebServer.access(QUICK), url));
    }

    private static EncodedImage.Rejected rejected(List<EncodedImage> photos) {
        assertThat(photos).singleElement().isInstanceOf(EncodedImage.Rejected.class);
        return (EncodedImage.Rejected) photos.get(0);
    }

    private static byte[] ok(String url) {
        return ok(fetch(WebServer.access(QUICK), url));
    }

    private static byte[] ok(List<EncodedImage> photos) {
        assertThat(photos).singleElement().isInstanceOf(EncodedImage.Ok.class);
        return ((EncodedImage.Ok) photos.get(0)).bytes();
    }

    private static List<EncodedImage> fetch(Access access, String... urls) {
        List<EncodedImage> photos = new ArrayList<>();
        try (Fetcher fetcher = new Fetcher(
                new Configuration(),
                new FetchLimits(4, 4, 1 << 20, 100_000),
                access,
                Fetcher.Order.LISTED,
                Duration.ofMillis(1))) {
            fetcher.fetch(Stream.of(urls).map(url -> new Reference(url, url)).iterator())
                    .forEachRemaining(photos::add);
        }
        return photos;
    }
}
