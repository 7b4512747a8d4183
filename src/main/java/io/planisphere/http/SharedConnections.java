package io.planisphere.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.cookie.CookieSpecFactory;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The connections of a JVM: open while somebody has a lease, so that tasks that follow each other on a core share them. */
final class SharedConnections {
    private record Key(HttpLimits limits, AddressRules addresses) {}

    private static final Map<Key, SharedConnections> OPEN = new HashMap<>();

    /** A host that does not answer on so many addresses has had its chance. */
    private static final int ADDRESSES = 3;

    private static final TimeValue IDLE = TimeValue.ofSeconds(30);
    private static final int MAX_HEADERS = 200;
    private static final int MAX_HEADER_LINE = 1 << 14;
    /** Hosts that something is known of, before those of which nothing is are forgotten. */
    private static final int HOSTS = 4096;

    private final Key key;
    private final CloseableHttpClient client;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<String, HostTraffic> hosts = new HashMap<>();
    private final Set<String> proxies = ConcurrentHashMap.newKeySet();
    private int leases;

    static SharedConnections lease(HttpLimits limits, AddressRules addresses) {
        synchronized (OPEN) {
            SharedConnections connections = OPEN.computeIfAbsent(new Key(limits, addresses), SharedConnections::new);
            connections.leases++;
            return connections;
        }
    }

    /** How many are open. */
    static int open() {
        synchronized (OPEN) {
            return OPEN.size();
        }
    }

    void release() {
        synchronized (OPEN) {
            leases--;
            if (leases > 0) {
                return;
            }
            OPEN.remove(key);
        }
        timer.shutdownNow();
        try {
            client.close();
        } catch (IOException e) {
            // the sockets are closed even so
        }
    }

    private SharedConnections(Key key) {
        this.key = key;
        HttpLimits limits = key.limits;
        Timeout connect = Timeout.of(limits.connect());
        Timeout silence = Timeout.of(limits.silence());
        timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "planisphere-http-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        // the JDK's own trust store, and its own check of host names, which needs no list of public
                        // suffixes
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                                SSLContexts.createSystemDefault(),
                                HostnameVerificationPolicy.BUILTIN,
                                NoopHostnameVerifier.INSTANCE))
                        .setDnsResolver(new Resolver())
                        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX) // no bound over all hosts
                        .setMaxConnPerRoute(limits.requestsPerHost())
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(Http1Config.custom()
                                        .setMaxHeaderCount(MAX_HEADERS)
                                        .setMaxLineLength(MAX_HEADER_LINE)
                                        .build())
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(connect)
                                .setSocketTimeout(silence)
                                .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                                .build())
                        .setDefaultTlsConfig(
                                TlsConfig.custom().setHandshakeTimeout(connect).build())
                        .build())
                .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(silence)
                        .setConnectionRequestTimeout(Timeout.of(limits.attempt()))
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setUserAgent("Planisphere")
                .setDefaultCookieSpecRegistry(
                        RegistryBuilder.<CookieSpecFactory>create().build())
                .disableRedirectHandling() // each is looked at first
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .evictExpiredConnections()
                .evictIdleConnections(IDLE)
                .build();
    }

    CloseableHttpClient client() {
        return client;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    HostTraffic hostOf(URI uri) {
        String host = Urls.host(uri).toLowerCase(Locale.ROOT) + ":" + uri.getPort();
        synchronized (hosts) {
            if (hosts.size() >= HOSTS && !hosts.containsKey(host)) {
                hosts.values().removeIf(HostTraffic::isIdle);
            }
            return hosts.computeIfAbsent(host, any -> new HostTraffic(key.limits.requestsPerHost()));
        }
    }

    /**
     * A proxy resolves names by itself, so what can be resolved here is checked here; a name that only the proxy knows is the
     * proxy's to refuse.
     */
    void refuseBehindProxy(URI uri) throws ForbiddenAddressException {
        ProxySelector selector = ProxySelector.getDefault();
        InetSocketAddress proxy = selector == null
                ? null
                : selector.select(uri).stream()
                        .filter(each -> each.type() == Proxy.Type.HTTP)
                        .map(each -> (InetSocketAddress) each.address())
                        .findFirst()
                        .orElse(null);
        if (proxy == null) {
            return;
        }
        proxies.add(proxy.getHostString());
        try {
            checked(Urls.host(uri), InetAddress.getAllByName(Urls.host(uri)));
        } catch (ForbiddenAddressException e) {
            throw e;
        } catch (UnknownHostException e) {
            return;
        }
    }

    private InetAddress[] checked(String host, InetAddress[] addresses) throws ForbiddenAddressException {
        InetAddress[] allowed = Arrays.stream(addresses)
                .filter(address -> key.addresses.allow(host, address))
                .limit(ADDRESSES)
                .toArray(InetAddress[]::new);
        if (allowed.length == 0) {
            throw new ForbiddenAddressException(host, addresses[0].getHostAddress());
        }
        return allowed;
    }

    /** The addresses that are connected to are those that were checked: a name that means another one later gains nothing. */
    private final class Resolver implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = SystemDefaultDnsResolver.INSTANCE.resolve(host);
            return proxies.contains(host) ? addresses : checked(host, addresses);
        }

        @Override
        public @Nullable String resolveCanonicalHostname(String host) throws UnknownHostException {
            return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
        }
    }
}
