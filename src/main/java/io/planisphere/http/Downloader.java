package io.planisphere.http;

import io.planisphere.http.Download.Busy;
import io.planisphere.http.Download.Failed;
import io.planisphere.http.Download.Forbidden;
import io.planisphere.http.Download.Missing;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Downloads over HTTP and HTTPS. Each owner creates and closes its own downloader; connections, request slots per host and host
 * state are shared by all downloaders of a JVM with the same limits and rules. Thread-safe.
 */
public final class Downloader implements Closeable {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> FORBIDDEN = Set.of(401, 403, 407, 451);
    private static final Set<Integer> BUSY = Set.of(429, 503);
    /** Response codes worth a retry: the server timed out, or rejected early data. */
    private static final Set<Integer> REPEATABLE = Set.of(408, 425);

    private final HttpLimits limits;
    private final Function<URI, Optional<String>> redirectRefusal;
    private final SharedConnections connections;
    private final Set<HttpGet> running = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** @param redirectRefusal returns why a redirect to a URL may not be followed; empty if it may. Called for web URLs only. */
    public Downloader(HttpLimits limits, AddressRules addresses, Function<URI, Optional<String>> redirectRefusal) {
        this.limits = limits;
        this.redirectRefusal = redirectRefusal;
        this.connections = SharedConnections.lease(limits, addresses);
    }

    /** Returns whether this class handles URIs of this scheme. */
    public static boolean isFor(@Nullable String scheme) {
        return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    }

    /**
     * Requests a resource, and follows redirects. Waiting for a request slot of the host does not count towards the deadline.
     *
     * @param deadline time for the whole request, body included; at most {@link HttpLimits#attempt}
     */
    public Download get(URI given, Duration deadline) throws InterruptedException {
        long left = Math.min(deadline.toNanos(), limits.attempt().toNanos());
        URI uri = given;
        for (int redirects = 0; redirects <= limits.redirects(); redirects++) {
            Step step = ask(uri, left);
            if (step.download() != null) {
                return step.download();
            }
            left -= step.nanos();
            URI next = step.redirect();
            if (next == null || !isFor(next.getScheme()) || Urls.host(next).isEmpty()) {
                return new Forbidden(uri + " redirects to '" + step.location() + "', which is no address of the web");
            }
            Optional<String> refusal = redirectRefusal.apply(next);
            if (refusal.isPresent()) {
                return new Forbidden(uri + " redirects: " + refusal.get());
            }
            uri = next;
        }
        return new Failed("More than " + limits.redirects() + " redirects, the last one to " + uri, true);
    }

    /** A result, or the target of a redirect and the time it took. */
    private record Step(
            @Nullable Download download, @Nullable URI redirect, String location, long nanos) {
        static Step of(Download download) {
            return new Step(download, null, "", 0);
        }
    }

    private Step ask(URI uri, long nanos) throws InterruptedException {
        String host = Urls.host(uri);
        HostTraffic traffic = connections.hostOf(uri);
        traffic.enter();
        Optional<Download> spared = spared(host, traffic);
        if (spared.isPresent()) {
            traffic.leave();
            return Step.of(spared.get());
        }
        long start = System.nanoTime();
        Request request = new Request(connections, traffic, running, uri, start + nanos);
        boolean isOpen = false;
        try {
            connections.refuseBehindProxy(uri);
            if (isClosed.get()) {
                throw new InterruptedException("The downloader is closed");
            }
            ClassicHttpResponse response = request.send();
            traffic.answered();
            if (response.getCode() / 100 == 2 && response.getCode() != HttpStatus.SC_PARTIAL_CONTENT) {
                isOpen = true;
                return Step.of(new Download.Open(request.body()));
            }
            return refused(uri, response, traffic, System.nanoTime() - start);
        } catch (ForbiddenAddressException e) {
            return Step.of(new Forbidden(e.getMessage() + "; --allow " + uri.getScheme() + "://" + uri.getRawAuthority()
                    + " would permit it"));
        } catch (IOException e) {
            traffic.failed();
            return Step.of(new Failed(
                    request.isLate() ? "No answer from " + host + " in time" : explained(host, e), isFinal(e)));
        } finally {
            if (!isOpen) {
                request.close();
            }
        }
    }

    /** Returns the result if it is known without a request. */
    private static Optional<Download> spared(String host, HostTraffic traffic) {
        Duration pause = traffic.pause();
        if (!pause.isZero()) {
            return Optional.of(new Busy(host + " asked for a pause", pause));
        }
        return traffic.dead().map(dead -> new Failed(host + " " + dead + "; it was not asked again", true));
    }

    private static Step refused(URI uri, ClassicHttpResponse response, HostTraffic traffic, long nanos) {
        int code = response.getCode();
        String message = "HTTP " + code + " at " + uri;
        if (REDIRECTS.contains(code)) {
            Header location = response.getFirstHeader(HttpHeaders.LOCATION);
            String written = location == null ? "" : location.getValue();
            return new Step(null, resolved(uri, written), written, nanos);
        }
        if (FORBIDDEN.contains(code)) {
            return Step.of(new Forbidden(message));
        }
        if (BUSY.contains(code)) {
            Duration pause = retryAfter(response);
            traffic.pause(pause);
            return Step.of(new Busy(message, pause));
        }
        if (code / 100 == 4 && !REPEATABLE.contains(code)) {
            return Step.of(new Missing(message));
        }
        return Step.of(new Failed(message, false));
    }

    private static @Nullable URI resolved(URI uri, String location) {
        try {
            return location.isEmpty() ? null : uri.resolve(Urls.parse(location));
        } catch (IllegalArgumentException | URISyntaxException e) {
            return null;
        }
    }

    /** Parses the Retry-After header: seconds or a date (RFC 9110, section 10.2.3). */
    private static Duration retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        String value = header == null ? "" : header.getValue().trim();
        try {
            Duration pause = value.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(value))
                    : Duration.between(
                            ZonedDateTime.now(ZoneOffset.UTC),
                            ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            return pause.isNegative() ? Duration.ZERO : pause;
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }

    /** Returns whether a retry cannot help, as with an invalid certificate. */
    private static boolean isFinal(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    private static String explained(String host, IOException e) {
        if (e instanceof UnknownHostException) {
            return "No address is known for " + host;
        }
        return "No answer from " + host + ": "
                + String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Cancels running requests. */
    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) { // release the lease only once
            running.forEach(HttpGet::cancel);
            connections.release();
        }
    }
}
