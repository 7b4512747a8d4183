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
 * Labels what is planned and not committed, batch by batch. Two batches are under way at a time, so that the first tasks of the
 * next one run while the last ones of the current one do; Spark prefers the tasks of the older. A batch that was begun and
 * interrupted runs again over the same work, with isolated decoding, since one of its photos may have been the cause.
 */
final class LabelLoop {
    private static final int UNDER_WAY = 2;

    /** A task looks after each row whether it was killed; one that does not come to its next row is not waited for. */
    private static final Duration TASKS_END = Duration.ofSeconds(30);

    private final SparkContext spark;
    private final Output output;
    private final Labeller labeller;
    private final Deliveries deliveries;
    private final LongConsumer begins;

    /** Makes the rows of batches. */
    @FunctionalInterface
    interface Labeller {
        /**
         * Returns once the rows of a batch are in files. Called from several threads.
         *
         * @param work the batch, and the units of the plan that it covers
         * @param isIsolated whether one of the photos may have ended a process before
         */
        CommittedBatch label(Begun work, RowFiles target, boolean isIsolated) throws IOException;
    }

    /** @param begins is told each batch's number */
    LabelLoop(SparkContext spark, Output output, Labeller labeller, Deliveries deliveries, LongConsumer begins) {
        this.spark = spark;
        this.output = output;
        this.labeller = labeller;
        this.deliveries = deliveries;
        this.begins = begins;
    }

    /** A batch whose rows are written, but not committed. */
    private record Labelled(long operation, CommittedBatch batch) {}

    /**
     * Returns when everything planned has its rows, or once the deliveries have failed.
     *
     * @param units in the plan
     * @param unitsPerBatch asked before each batch
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
        // two halves rather than a whole batch and a small one: in the last batch, its largest units are to end before
        // the others
        long size = left > unitsPerBatch && left < 2L * unitsPerBatch ? (left + 1) / 2 : Math.min(left, unitsPerBatch);
        return new Begun(Kind.LABEL, List.of(output.state().nextBatch()), from, from + size, "");
    }

    private void commit(Labelled labelled) throws IOException {
        output.replace(labelled.operation(), List.of(labelled.batch()));
        BatchAccount account = labelled.batch().account();
        deliveries.add(account.batch(), account.status());
    }

    /** Returns when nothing runs any more; what is under way is not going to be committed. */
    private void stop(ExecutorService threads, String jobs, boolean isAnythingUnderWay) {
        threads.shutdown();
        boolean isInterrupted = false;
        while (!threads.isTerminated()) {
            if (isAnythingUnderWay) {
                spark.cancelJobGroup(jobs); // again and again: a thread may be between two jobs
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
     * Tasks of cancelled jobs and second attempts may go on for a moment, and their files are to be removed. Returns false if
     * interrupted.
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
