package io.planisphere.spark.plan;

import java.util.Map;
import org.apache.spark.sql.Observation;

/**
 * What Spark counted on the way into a write. It counts a task of the last stage once, however often it ran, so the numbers
 * are those of the files.
 */
public record Observed(Map<String, Object> values) {

    /** Waits for the write that the observation is part of. */
    public static Observed of(Observation observation) {
        try {
            return new Observed(observation.getAsJava());
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
