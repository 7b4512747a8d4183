package io.planisphere.spark.run;

import io.planisphere.spark.commit.BatchAccount;
import io.planisphere.spark.commit.LogRecord.Begun;
import io.planisphere.spark.commit.LogRecord.CommittedBatch;
import io.planisphere.spark.commit.LogRecord.Kind;
import io.planisphere.spark.commit.Output;
import io.planisphere.spark.commit.RowFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.SparkStatusTracker;
import scala.Option;

/**
 * Labels planned work that is not committed, batch by batch. Two batches run at a time, so that the first tasks of the next batch
 * overlap with the last tasks of the current one; Spark schedules tasks of the older batch first. An interrupted batch runs again
 * over the same work, with isolated decoding, because one of its photos may have been the cause.
 *
 * @param begins called with the number of each batch when it begins
 */
record LabelLoop(SparkContext spark, Output output, Labeller labeller, Deliveries deliveries, LongConsumer begins) {
    private static final int UNDER_WAY = 2;

    /**
     * How long to wait for cancelled tasks. A task checks after each row whether it was killed; longer waits for one that is
     * stuck in a row are pointless.
     */
    private static final Duration TASKS_END = Duration.ofSeconds(30);

    /** Makes the rows of batches. */
    @FunctionalInterface
    interface Labeller {
        /**
         * Makes the rows of a batch, and returns once they are in files. Called from several threads.
         *
         * @param work the batch, and the units of the plan that it covers
         * @param isIsolated whether to use isolated decoding, because one of the photos may have crashed a process before
         */
        CommittedBatch label(Begun work, RowFiles target, boolean isIsolated) throws IOException;
    }

    /** A batch whose rows are written, but not committed. */
    private record Labelled(long operation, CommittedBatch batch) {}

    /**
     * Labels until everything planned has its rows, or until the deliveries have failed.
     *
     * @param units number of units in the plan
     * @param unitsPerBatch size of a batch, called before each batch
     */
    void run(long units, IntSupplier unitsPerBatch) throws IOException {
        Queue<Begun> interrupted = new ArrayDeque<>(output.state().interrupted());
        ExecutorService threads = Executors.newFixedThreadPool(UNDER_WAY, work -> {
            Thread thread = new Thread(work, "planisphere-batch");
            thread.setDaemon(true);
            return thread;
        });
        CompletionService<Labelled> labelled = new ExecutorCompletionService<>(threads);
        String jobs = "planisphere " + UUID.randomUUID();
        int underWay = 0;
        try {
            while (true) {
                while (underWay < UNDER_WAY
                        && (!interrupted.isEmpty() || output.state().nextUnit() < units)) {
                    boolean isIsolated = !interrupted.isEmpty();
                    Begun work = isIsolated ? interrupted.remove() : next(units, unitsPerBatch.getAsInt());
                    long operation = output.begin(work);
                    begins.accept(work.batches().get(0));
                    labelled.submit(() -> {
                        spark.setJobGroup(jobs, "batch " + work.batches().get(0), false);
                        return new Labelled(operation, labeller.label(work, output.files(operation), isIsolated));
                    });
                    underWay++;
                }
                if (underWay == 0 || deliveries.failed().isPresent()) {
                    return;
                }
                Labelled next = labelled.take().get();
                underWay--;
                commit(next);
            }
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNull(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while batches are labelled", e);
        } finally {
            stop(threads, jobs, underWay > 0);
        }
    }

    private Begun next(long units, int unitsPerBatch) {
        long from = output.state().nextUnit();
        long left = units - from;
        // two halves rather than a full batch and a small one: the last batch should be long enough to end its largest
        // units before the others
        long size = left > unitsPerBatch && left < 2L * unitsPerBatch ? (left + 1) / 2 : Math.min(left, unitsPerBatch);
        return new Begun(Kind.LABEL, List.of(output.state().nextBatch()), from, from + size, "");
    }

    private void commit(Labelled labelled) throws IOException {
        output.replace(labelled.operation(), List.of(labelled.batch()));
        BatchAccount account = labelled.batch().account();
        deliveries.add(account.batch(), account.status());
    }

    /** Cancels running jobs and waits until none is left; their batches will not be committed. */
    private void stop(ExecutorService threads, String jobs, boolean isAnythingUnderWay) {
        threads.shutdown();
        boolean isInterrupted = false;
        while (!threads.isTerminated()) {
            if (isAnythingUnderWay) {
                spark.cancelJobGroup(jobs); // repeatedly, because a thread may be between two jobs
            }
            try {
                threads.awaitTermination(200, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        isInterrupted |= !awaitTasks(jobs);
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for tasks of cancelled jobs and speculative attempts, which may run on for a moment, so that their files can be
     * removed. Returns false if interrupted.
     */
    private boolean awaitTasks(String jobs) {
        long end = System.nanoTime() + TASKS_END.toNanos();
        while (!spark.isStopped() && hasTasks(jobs) && System.nanoTime() < end) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                return false;
            }
        }
        return true;
    }

    private boolean hasTasks(String jobs) {
        SparkStatusTracker tracker = spark.statusTracker();
        for (int job : tracker.getJobIdsForGroup(jobs)) {
            Option<SparkJobInfo> info = tracker.getJobInfo(job);
            for (int stage : info.isDefined() ? info.get().stageIds() : new int[0]) {
                Option<SparkStageInfo> found = tracker.getStageInfo(stage);
                if (found.isDefined() && found.get().numActiveTasks() > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static RuntimeException failure(Throwable cause) throws IOException {
        if (cause instanceof IOException failure) {
            throw failure;
        }
        if (cause instanceof Error failure) {
            throw failure;
        }
        return cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }
}
