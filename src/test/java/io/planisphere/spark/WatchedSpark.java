package io.planisphere.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * A separate Spark, configured for monitoring as a user would do it: metrics for Prometheus on its web page, and over JMX. A
 * process can have only one Spark, so the Spark of the other tests is stopped first, and they start a new one afterwards.
 */
public final class WatchedSpark implements AutoCloseable {
    private static final Pattern PROMETHEUS =
            Pattern.compile("metrics_watched_driver_planisphere_(\\w+)_Value\\{type=\"gauges\"} (\\S+)");

    private final SparkSession session;
    private final HttpClient http = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL) // the servlet's path ends in a slash
            .build();

    public WatchedSpark() {
        if (SparkSession.getDefaultSession().isDefined()) {
            SparkSession.getDefaultSession().get().stop();
        }
        session = SparkSession.builder()
                .master("local[4,2]")
                .appName("planisphere-watched")
                .config("spark.ui.enabled", true)
                .config("spark.ui.port", 0)
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.metrics.namespace", "watched")
                .config(
                        "spark.metrics.conf.*.sink.prometheusServlet.class",
                        "org.apache.spark.metrics.sink.PrometheusServlet")
                .config("spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus")
                .config("spark.metrics.conf.*.sink.jmx.class", "org.apache.spark.metrics.sink.JmxSink")
                .config("spark.executor.heartbeatInterval", "50ms")
                .config("spark.sql.shuffle.partitions", 3)
                .config("spark.sql.warehouse.dir", "target/warehouse")
                .getOrCreate();
    }

    public SparkSession session() {
        return session;
    }

    public SparkContext context() {
        return session.sparkContext();
    }

    /** Returns our gauges as Prometheus gets them, with their names in Prometheus's spelling. */
    public Map<String, Double> prometheus() throws IOException {
        URI page = URI.create(
                "http://127.0.0.1:" + URI.create(context().uiWebUrl().get()).getPort() + "/metrics/prometheus");
        Map<String, Double> gauges = new TreeMap<>();
        Matcher line = PROMETHEUS.matcher(body(page));
        while (line.find()) {
            gauges.put(line.group(1), Double.valueOf(line.group(2)));
        }
        return gauges;
    }

    private String body(URI page) throws IOException {
        try {
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(page + " answers " + answer.statusCode());
            }
            return answer.body();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static ObjectName bean(String gauge) throws JMException {
        return new ObjectName("metrics:name=watched.driver.planisphere." + gauge + ",type=gauges");
    }

    /** Returns one of our gauges, over JMX. */
    public static Object jmx(String gauge) throws JMException {
        return ManagementFactory.getPlatformMBeanServer().getAttribute(bean(gauge), "Value");
    }

    public static boolean isInJmx(String gauge) throws JMException {
        return ManagementFactory.getPlatformMBeanServer().isRegistered(bean(gauge));
    }

    /** Waits for a condition that heartbeats will fulfil. */
    public static void await(String what, BooleanSupplier come) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!come.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("A minute has passed without " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    public void close() {
        session.stop();
    }
}
