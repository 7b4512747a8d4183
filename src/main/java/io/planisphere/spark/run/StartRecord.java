package io.planisphere.spark.run;

import io.planisphere.spark.commit.CommitLog;
import io.planisphere.spark.file.RunFailure;
import io.planisphere.spark.progress.RunWatch;
import io.planisphere.spark.progress.TaskCounts;
import io.planisphere.spark.progress.TaskMetrics;
import io.planisphere.spark.run.RunRecord.Invocation;
import io.planisphere.spark.run.RunRecord.Invocation.Spent;
import java.io.IOException;
import java.util.Map;

/** What {@code run.json} says of one run, while it runs and at its end. Nothing is written once another run has begun. */
final class StartRecord {
    private final RunDirectory directory;
    private final CommitLog log;
    private final TaskMetrics metrics;
    private final RunWatch watch;
    private final Invocation begun;
    private final RunRecord record;
    private final long start = System.nanoTime();

    /**
     * Writes that the start begins.
     *
     * @param before what the output's starts were so far
     */
    StartRecord(
            RunDirectory directory,
            CommitLog log,
            TaskMetrics metrics,
            RunWatch watch,
            RunRecord before,
            Invocation begun)
            throws IOException {
        this.directory = directory;
        this.log = log;
        this.metrics = metrics;
        this.watch = watch;
        this.begun = begun;
        record = before.begin(begun);
        directory.write(directory.record(), record);
    }

    /** As of now, by what tasks have reported. */
    RunRecord soFar() {
        return record.soFar(begun.soFar(watch.now(), spent()));
    }

    /**
     * Writes that all is done.
     *
     * @param status the output's rows, counted in the files
     * @throws RunFailure if another run has taken the output over
     */
    RunRecord done(Map<String, Long> status) throws IOException {
        log.requireCurrent();
        RunRecord done = record.end(ended("done"), status);
        directory.write(directory.record(), done);
        return done;
    }

    /**
     * Writes that the start failed; that it cannot be written must not hide why it failed.
     *
     * @throws RunFailure if another run has taken the output over, and may have replaced the files that this one needed
     */
    void failed(Throwable failure) {
        try {
            log.requireCurrent();
            directory.write(directory.record(), record.end(ended("failed"), record.status())); // rows as counted before
        } catch (RunFailure takenOver) {
            takenOver.addSuppressed(failure);
            throw takenOver;
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private Invocation ended(String state) {
        TaskCounts done = metrics.ended();
        return begun.end(state, done.photos(), spent(), done.times());
    }

    private Spent spent() {
        return new Spent((System.nanoTime() - start) / 1e9, watch.coreSeconds());
    }
}
