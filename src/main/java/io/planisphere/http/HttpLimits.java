package io.planisphere.http;

import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Time limits of downloads, and the maximum number of requests per host.
 *
 * @param connect limit for a connection, and for the TLS handshake after it
 * @param silence limit between two bytes of a response, and until its first byte
 * @param attempt limit for one request, from the connection to the last byte of the body
 * @param redirects maximum number of redirects to follow
 * @param requestsPerHost maximum number of concurrent requests to one host, per JVM
 */
public record HttpLimits(Duration connect, Duration silence, Duration attempt, int redirects, int requestsPerHost)
        implements Serializable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(20);

    /** A minute per attempt, 64 requests per host. */
    public static final HttpLimits DEFAULT = of(Duration.ofSeconds(60), 64);

    public HttpLimits {
        boolean isPositive = Stream.of(connect, silence, attempt).allMatch(wait -> wait.compareTo(Duration.ZERO) > 0);
        if (!isPositive || redirects < 0 || requestsPerHost < 1) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "Limits must be positive, got %s to connect, %s of silence, %s per attempt, %d redirects, %d requests per"
                            + " host",
                    connect,
                    silence,
                    attempt,
                    redirects,
                    requestsPerHost));
        }
    }

    /**
     * Returns limits with the default timeouts, none longer than the attempt.
     *
     * @param attempt deadline of one request
     */
    public static HttpLimits of(Duration attempt, int requestsPerHost) {
        return new HttpLimits(shorter(CONNECT, attempt), shorter(SILENCE, attempt), attempt, 5, requestsPerHost);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
