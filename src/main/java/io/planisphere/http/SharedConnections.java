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

/** The connection pool of a JVM: open while it is leased, so that consecutive tasks on a core share connections. */
final class SharedConnections {
    private record Key(HttpLimits limits, AddressRules addresses) {}

    private static final Map<Key, SharedConnections> OPEN = new HashMap<>();

    /** Maximum number of a host's addresses to try. */
    private static final int ADDRESSES = 3;

    private static final TimeValue IDLE = TimeValue.ofSeconds(30);
    private static final int MAX_HEADERS = 200;
    private static final int MAX_HEADER_LINE = 1 << 14;
    /** Number of hosts with state above which idle ones are dropped. */
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

    /** Returns the number of open pools. */
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
            // the sockets are closed nevertheless
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
                        // the JDK's own trust store, and its own check of host names, which works without a list of
                        // public suffixes
                        .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                                SSLContexts.createSystemDefault(),
                                HostnameVerificationPolicy.BUILTIN,
                                NoopHostnameVerifier.INSTANCE))
                        .setDnsResolver(new Resolver())
                        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX) // no limit over all hosts
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
                .disableRedirectHandling() // each redirect is checked first
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
     * Checks the host's addresses when a proxy is used. A proxy resolves names itself, so names that resolve here are checked
     * here; names that only the proxy can resolve must be refused by the proxy.
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

    /** Resolves and checks in one step: connections use the checked addresses, which prevents DNS rebinding. */
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
