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

/** Writes the entry of one run in {@code run.json}, while it runs and at its end. Writes nothing once another run has begun. */
final class StartRecord {
    private final RunDirectory directory;
    private final CommitLog log;
    private final TaskMetrics metrics;
    private final RunWatch watch;
    private final Invocation begun;
    private final RunRecord record;
    private final long start = System.nanoTime();

    /**
     * Writes that the run begins.
     *
     * @param before record of the output's earlier runs
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
        write(record);
    }

    /** Writes the record. If that fails because another run replaced the file meanwhile, that is the failure to report. */
    private void write(RunRecord written) throws IOException {
        try {
            directory.write(directory.record(), written);
        } catch (IOException e) {
            log.requireCurrent();
            throw e;
        }
    }

    /** Returns the current record, from what tasks have reported. */
    RunRecord soFar() {
        return record.soFar(begun.soFar(watch.now(), spent()));
    }

    /**
     * Writes that the run is done.
     *
     * @param status rows of the output by status, counted in its files
     * @throws RunFailure if another run has taken the output over
     */
    RunRecord done(Map<String, Long> status) throws IOException {
        log.requireCurrent();
        RunRecord done = record.end(ended("done"), status);
        write(done);
        return done;
    }

    /**
     * Writes that the run failed. If that cannot be written, the original failure is still the one reported.
     *
     * @throws RunFailure if another run has taken the output over, and may have replaced the files that this one needed
     */
    void failed(Throwable failure) {
        try {
            log.requireCurrent();
            write(record.end(ended("failed"), record.status())); // rows as counted before
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
