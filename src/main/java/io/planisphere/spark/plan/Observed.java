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
 * What Spark counted on the way into a write. It counts a task of the last stage once, however often it ran, so the numbers
 * are those of the files.
 */
public record Observed(Map<String, Object> values) {
    private static final Logger LOG = LoggerFactory.getLogger(Observed.class);

    /** Spark delivers the numbers in milliseconds once a write has ended, unless its listeners are far behind. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * What was counted in a write that has ended. Empty if Spark does not deliver it within five seconds: the numbers travel through
     * its listener queue, which drops events when it is full. The caller then has to count in what was written.
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

    /** A count; 0 over nothing, where Spark's sum is null. */
    public long number(String name) {
        return values.get(name) instanceof Number number ? number.longValue() : 0;
    }
}
