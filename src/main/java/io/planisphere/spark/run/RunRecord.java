package io.planisphere.spark.run;

import io.planisphere.model.ModelPackage;
import io.planisphere.source.OptOut;
import io.planisphere.spark.progress.Progress;
import io.planisphere.spark.task.Device;
import io.planisphere.vision.StageTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code _run/run.json}: what ran, with which model, and with which result.
 *
 * @param job name of the job
 * @param table table with the rows; empty if they are in this file's folder
 * @param model the package of every row in the output
 * @param settings settings, besides the package, that change rows; the same for every row
 * @param input kind of input: {@code shards} or {@code references}; empty before the first run
 * @param photos rows in the output
 * @param status rows by status code; they add up to {@code photos}
 * @param invocations every run of the job on this output, oldest first
 */
public record RunRecord(
        String job,
        String table,
        ModelRecord model,
        Map<String, String> settings,
        String input,
        long photos,
        Map<String, Long> status,
        List<Invocation> invocations) {

    /**
     * The identity of a package: everything that would change rows.
     *
     * @param sha256 hash over all its files
     * @param preprocessingSha256 hash over its preprocessing rule
     */
    public record ModelRecord(String name, String location, String sha256, String preprocessingSha256) {
        /** The record of a job that runs no network. */
        static final ModelRecord NONE = new ModelRecord("", "", "", "");

        static ModelRecord of(ModelPackage model) {
            return new ModelRecord(model.name(), model.location(), model.digest(), model.preprocessingDigest());
        }
    }

    /**
     * An opt-out list.
     *
     * @param sha256 hash of the file
     * @param ids number of distinct ids in the list
     */
    public record OptOutRecord(String location, String sha256, int ids) {
        static @Nullable OptOutRecord of(OptOut list) {
            return list.isEmpty() ? null : new OptOutRecord(list.location(), list.sha256Hex(), list.size());
        }
    }

    /**
     * One run of the job.
     *
     * @param state {@code running}, {@code done} or {@code failed}; a run that stayed {@code running} was killed
     * @param user operating-system user that started it
     * @param options the command line
     * @param optOut opt-out list; null if there was none
     * @param device device that networks ran on, {@code cpu} or {@code gpu}
     * @param cores cores of all executors together, averaged over the run
     * @param photos rows that this run wrote
     * @param photosPerSecondAndCore average over the whole run, including opening sessions; an executor counts while it is
     *     registered
     * @param stageSeconds wall-clock seconds of all tasks by stage; estimated where tasks were repeated
     * @param progress last known progress, while it runs or if it was killed; null before the first progress, and after the run's
     *     end
     */
    public record Invocation(
            String state,
            String started,
            String ended,
            String user,
            List<String> options,
            @Nullable OptOutRecord optOut,
            String planisphere,
            String spark,
            String java,
            String machine,
            double cores,
            String device,
            long photos,
            double seconds,
            double photosPerSecond,
            double photosPerSecondAndCore,
            Map<String, Double> stageSeconds,
            @Nullable ProgressRecord progress) {

        /** Returns the record of a run that begins. */
        static Invocation begin(List<String> options, OptOut optOut, Device device, String sparkVersion) {
            return new Invocation(
                    "running",
                    Instant.now().toString(),
                    "",
                    System.getProperty("user.name"),
                    options,
                    OptOutRecord.of(optOut),
                    version(),
                    sparkVersion,
                    System.getProperty("java.vm.name") + " " + Runtime.version(),
                    System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                    0,
                    device.code(),
                    0,
                    0,
                    0,
                    0,
                    Map.of(),
                    null);
        }

        /**
         * The time that a run has taken.
         *
         * @param seconds seconds since it began
         * @param coreSeconds registered time of executors, summed over their cores
         */
        record Spent(double seconds, double coreSeconds) {}

        /** Returns the record of this run with its progress so far. */
        Invocation soFar(Progress seen, Spent spent) {
            return with(state, "", seen.photos(), spent, seen.counts().times(), ProgressRecord.of(seen, Instant.now()));
        }

        Invocation end(String state, long photos, Spent spent, StageTimes times) {
            return with(state, Instant.now().toString(), photos, spent, times, null);
        }

        private Invocation with(
                String state,
                String ended,
                long photos,
                Spent spent,
                StageTimes times,
                @Nullable ProgressRecord progress) {
            return new Invocation(
                    state,
                    started,
                    ended,
                    user,
                    options,
                    optOut,
                    planisphere,
                    spark,
                    java,
                    machine,
                    rounded(ratio(spent.coreSeconds, spent.seconds)),
                    device,
                    photos,
                    rounded(spent.seconds),
                    rounded(ratio((double) photos, spent.seconds)),
                    rounded(ratio((double) photos, spent.coreSeconds)),
                    Map.of(
                            "read", seconds(times.read()),
                            "decode", seconds(times.decode()),
                            "prepare", seconds(times.prepare()),
                            "infer", seconds(times.infer())),
                    progress);
        }

        private static String version() {
            String version = RunRecord.class.getPackage().getImplementationVersion();
            return version == null ? "unpackaged" : version;
        }

        private static double ratio(double what, double by) {
            return by > 0 ? what / by : 0;
        }

        private static double seconds(long nanos) {
            return rounded(nanos / (double) TimeUnit.SECONDS.toNanos(1));
        }
    }

    /** Rounds to six decimal places, finer than the resolution of any clock here. */
    static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    /** Returns the record of an output before its first run. */
    static RunRecord of(String job, String table, ModelRecord model, Map<String, String> settings) {
        return new RunRecord(job, table, model, settings, "", 0, Map.of(), List.of());
    }

    RunRecord withInput(String input) {
        return new RunRecord(job, table, model, settings, input, photos, status, invocations);
    }

    RunRecord begin(Invocation invocation) {
        List<Invocation> all = new ArrayList<>(invocations);
        all.add(invocation);
        return new RunRecord(job, table, model, settings, input, photos, status, all);
    }

    /** Returns this record with the last run's progress; the verified counts of the output stay. */
    RunRecord soFar(Invocation invocation) {
        List<Invocation> all = new ArrayList<>(invocations.subList(0, invocations.size() - 1));
        all.add(invocation);
        return new RunRecord(job, table, model, settings, input, photos, status, all);
    }

    /** Returns this record with the last run ended, and the output's rows counted. */
    RunRecord end(Invocation invocation, Map<String, Long> status) {
        long rows = status.values().stream().mapToLong(Long::longValue).sum();
        return new RunRecord(
                job,
                table,
                model,
                settings,
                input,
                rows,
                status,
                soFar(invocation).invocations());
    }

    /** Returns whether every row was checked against exactly this opt-out list, and none is being written. */
    boolean isSettledWith(OptOut list) {
        OptOutRecord latest = invocations.isEmpty() ? null : last().optOut();
        return isSettled() && latest != null && latest.sha256().equals(list.sha256Hex());
    }

    /** Returns whether no interrupted run has a batch that may be written again. */
    boolean isSettled() {
        return invocations.isEmpty() || last().state().equals("done");
    }

    /**
     * Returns whether {@link #status} still matches the rows counted at the end of the last run. False for tables, which may have
     * other writers.
     */
    boolean isProven() {
        return table.isEmpty() && !invocations.isEmpty() && isSettled();
    }

    Invocation last() {
        return invocations.get(invocations.size() - 1);
    }
}
