package io.planisphere.spark.plan;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Observation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Await;

/**
 * The counts that Spark observed during a write. Each task of the last stage counts once, even if it was repeated, so the counts
 * match the files.
 */
public record Observed(Map<String, Object> values) {
    private static final Logger LOG = LoggerFactory.getLogger(Observed.class);

    /**
     * How long to wait for the counts. Spark delivers them within milliseconds of the end of a write, unless its listeners are
     * far behind.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Returns the counts of a completed write. Empty if Spark does not deliver them within five seconds: they pass through its
     * listener queue, which drops events when it is full. The caller must then count in the written files.
     */
    public static Optional<Observed> of(Observation observation) {
        try {
            Await.ready(
                    observation.future(),
                    scala.concurrent.duration.Duration.create(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            return Optional.of(new Observed(observation.getAsJava()));
        } catch (TimeoutException e) {
            LOG.warn(
                    "Spark did not deliver the row counts of a write within {} s, as its listener queue was full or slow; counting"
                            + " again. More room: spark.scheduler.listenerbus.eventqueue.capacity",
                    PATIENCE.toSeconds());
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while Spark was writing", e);
        }
    }

    /** Returns a count; 0 where Spark's sum over no rows is null. */
    public long number(String name) {
        return values.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
