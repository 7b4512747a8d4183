package io.planisphere.spark.run;

import io.planisphere.spark.commit.CommitLog;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FSError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates {@code run.json} periodically during a run, so that its progress can be read. Writes nothing after it is closed; a
 * failed write is logged once and does not affect the run.
 */
final class RunningRecord implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningRecord.class);
    /** The first update is early, for users who check that the run works. */
    private static final Duration FIRST = Duration.ofSeconds(2);

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final RunDirectory directory;
    private final CommitLog log;
    private final Supplier<RunRecord> now;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread thread = new Thread(run, "planisphere-run.json");
        thread.setDaemon(true);
        return thread;
    });
    private Future<?> writing = CompletableFuture.completedFuture(null);
    private boolean complained;

    /** @param log commit log; nothing is written once another run has begun there */
    RunningRecord(RunDirectory directory, CommitLog log, Supplier<RunRecord> now) {
        this.directory = directory;
        this.log = log;
        this.now = now;
    }

    /** Starts the updates. */
    void start() {
        start(FIRST, PERIOD);
    }

    void start(Duration first, Duration period) {
        writing =
                timer.scheduleWithFixedDelay(this::update, first.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Writes the current record, unless another run has begun. */
    void update() {
        try {
            if (log.isCurrent()) {
                directory.write(directory.record(), now.get());
            }
        } catch (IOException | RuntimeException | FSError e) { // Hadoop throws an FSError for a full local disk
            if (!complained) {
                LOG.warn("{} cannot be brought up to date while the job runs: {}", directory.record(), e.toString());
            }
            complained = true;
        }
    }

    /** Stops the updates and waits for one that is being written, so that the caller's write comes last. */
    @Override
    public void close() {
        writing.cancel(false);
        timer.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = timer.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
