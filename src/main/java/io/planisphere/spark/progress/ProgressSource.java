package io.planisphere.spark.progress;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.planisphere.image.Status;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.metrics.source.Source;

/**
 * The progress of a run as gauges of Spark's metrics system, {@code driver.planisphere.photos} and so on, for any configured
 * sink. Unknown values are NaN.
 *
 * <p>This is a metrics source rather than a Spark plugin: a plugin must be configured before the context starts, which on shared
 * clusters and in notebooks has already happened, and it stays until the context ends.
 */
final class ProgressSource implements Source {
    private final MetricRegistry registry = new MetricRegistry();

    ProgressSource(Supplier<Progress> now) {
        gauge("photos", now, Progress::photos);
        gauge("errors", now, Progress::errors);
        gauge("bytes", now, progress -> progress.counts().bytes());
        gauge("photosPerSecond", now, Progress::photosPerSecond);
        gauge("photosPerSecondAndCore", now, Progress::photosPerSecondAndCore);
        gauge("fraction", now, progress -> progress.fraction().orElse(Double.NaN));
        gauge("secondsLeft", now, progress -> progress.secondsLeft().orElse(Double.NaN));
        for (Status status : Status.values()) {
            gauge(
                    "status." + status.code(),
                    now,
                    progress -> progress.counts().status().getOrDefault(status, 0L));
        }
    }

    private void gauge(String name, Supplier<Progress> now, Function<Progress, Number> figure) {
        Gauge<Number> gauge = () -> figure.apply(now.get());
        registry.register(name, gauge);
    }

    @Override
    public String sourceName() {
        return "planisphere";
    }

    @Override
    public MetricRegistry metricRegistry() {
        return registry;
    }
}
