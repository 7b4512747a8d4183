package io.planisphere.spark.run;

import static org.apache.spark.sql.functions.col;

import io.planisphere.image.Status;
import io.planisphere.spark.commit.Output;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tracks whether photos of a run can be fetched. Single photos may be forbidden or unreachable; if most photos of a batch are,
 * credentials have expired or a network is down, and all further rows would only report that.
 */
final class Deliveries {
    private final double most;
    private OptionalLong failed = OptionalLong.empty();

    /** @param most share of a batch's photos, 0 to 1, that may be forbidden or unreachable */
    Deliveries(double most) {
        this.most = most;
    }

    /** Counts the rows of a finished batch. */
    synchronized void add(long batch, Map<String, Long> status) {
        long photos = status.values().stream().mapToLong(Long::longValue).sum();
        if (failed.isEmpty() && undelivered(status) > most * photos) {
            failed = OptionalLong.of(batch);
        }
    }

    /** Returns the first batch of which too many photos were not delivered; empty if there is none. */
    synchronized OptionalLong failed() {
        return failed;
    }

    /**
     * Returns the message about that batch; empty if there is none.
     *
     * @param output output with the batch's rows
     * @param consequence a sentence and a space to add to the message, or an empty string
     */
    Optional<String> described(Output output, String consequence) throws IOException {
        OptionalLong batch = failed();
        if (batch.isEmpty()) {
            return Optional.empty();
        }
        // there is none if an opt-out list has emptied the rows since
        String example = output
                .rows()
                .where(col("batch").equalTo(batch.getAsLong()))
                .where(col("status").isin(Status.FORBIDDEN.code(), Status.UNREACHABLE.code()))
                .select("uri", "status", "detail")
                .takeAsList(1)
                .stream()
                .map(row -> ", such as %s (%s: %s)".formatted(row.getString(0), row.getString(1), row.getString(2)))
                .findFirst()
                .orElse("");
        return Optional.of(String.format(
                Locale.ROOT,
                "More than %.0f %% of the photos of batch %d were forbidden or unreachable%s."
                        + " %sFix the cause (credentials, --allow, the network), then label them again with"
                        + " --retry forbidden,unreachable; --max-error-rate 1 accepts them",
                100 * most,
                batch.getAsLong(),
                example,
                consequence));
    }

    private static long undelivered(Map<String, Long> status) {
        return status.getOrDefault(Status.FORBIDDEN.code(), 0L) + status.getOrDefault(Status.UNREACHABLE.code(), 0L);
    }
}
