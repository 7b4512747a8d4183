package io.planisphere.spark.progress;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import io.planisphere.image.Status;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.metrics.source.Source;

/**
 * How far a run is, as gauges of Spark's metrics system: {@code driver.planisphere.photos} and so on, for whatever sink the user
 * has turned on. What nobody knows yet is NaN.
 *
 * <p>A source, not a plugin of Spark's: a plugin must be named before the context starts, which a cluster that is shared, or
 * somebody's notebook, did long ago, and it stays until the context ends.
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
