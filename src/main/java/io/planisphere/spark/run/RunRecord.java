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
 * {@code _run/run.json}: what ran, with which model, and what came of it.
 *
 * @param job name of the job
 * @param table that the rows are in; empty for the folder of this file
 * @param model the package of every row in the output
 * @param settings what shapes the rows beside the package; the same for every row
 * @param input how photos come in: {@code shards} or {@code references}; empty before the first run
 * @param photos rows in the output
 * @param status rows by status code; they add up to {@code photos}
 * @param invocations every start of the job on this output, the first one first
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
     * The package, by what would change the rows.
     *
     * @param sha256 over all its files
     * @param preprocessingSha256 over its preprocessing rule
     */
    public record ModelRecord(String name, String location, String sha256, String preprocessingSha256) {
        /** Of a job that runs no network. */
        static final ModelRecord NONE = new ModelRecord("", "", "", "");

        static ModelRecord of(ModelPackage model) {
            return new ModelRecord(model.name(), model.location(), model.digest(), model.preprocessingDigest());
        }
    }

    /**
     * An opt-out list.
     *
     * @param sha256 of the file
     * @param ids different ones on it
     */
    public record OptOutRecord(String location, String sha256, int ids) {
        static @Nullable OptOutRecord of(OptOut list) {
            return list.isEmpty() ? null : new OptOutRecord(list.location(), list.sha256Hex(), list.size());
        }
    }

    /**
     * One start of the job.
     *
     * @param state {@code running}, {@code done} or {@code failed}; a run that stayed {@code running} was killed
     * @param user who started it, as the operating system says
     * @param options the command line
     * @param optOut the list whose photos and users were left out; null without one
     * @param device that its networks ran on, {@code cpu} or {@code gpu}; null in records that are older than the option
     * @param cores of all executors together, on average over the start
     * @param photos rows that this run wrote
     * @param photosPerSecondAndCore over the whole run, session opening included; executors count while they are there
     * @param stageSeconds wall clock of all tasks by stage; estimated where tasks were repeated
     * @param progress how far it was when last seen, while it runs or if it was killed; null before, after its end, and in
     *     records that are older than this
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
            @Nullable String device,
            long photos,
            double seconds,
            double photosPerSecond,
            double photosPerSecondAndCore,
            Map<String, Double> stageSeconds,
            @Nullable ProgressRecord progress) {

        /** A start, as it begins. */
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
         * How long it has run.
         *
         * @param seconds since it began
         * @param coreSeconds that executors were there for, all their cores together
         */
        record Spent(double seconds, double coreSeconds) {}

        /** While it runs. */
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

    /** To six places, more than any clock here can tell. */
    static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    /** A record before its first run. */
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

    /** With the last start as it is now; what was proven of the output stays. */
    RunRecord soFar(Invocation invocation) {
        List<Invocation> all = new ArrayList<>(invocations.subList(0, invocations.size() - 1));
        all.add(invocation);
        return new RunRecord(job, table, model, settings, input, photos, status, all);
    }

    /** With the last start ended, and the output's rows counted. */
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

    /** Whether every row was held against this very list, and none is being written. */
    boolean isSettledWith(OptOut list) {
        OptOutRecord latest = invocations.isEmpty() ? null : last().optOut();
        return isSettled() && latest != null && latest.sha256().equals(list.sha256Hex());
    }

    /** Whether no start was cut short whose batch may be written again. */
    boolean isSettled() {
        return invocations.isEmpty() || last().state().equals("done");
    }

    /** Whether {@link #status} is of the rows as they were counted at the end of the last run. Tables have other writers, too. */
    boolean isProven() {
        return table.isEmpty() && !invocations.isEmpty() && isSettled();
    }

    Invocation last() {
        return invocations.get(invocations.size() - 1);
    }
}
