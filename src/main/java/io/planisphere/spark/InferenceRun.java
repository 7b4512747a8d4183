package io.planisphere.spark;

import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.source.Content;
import io.planisphere.source.InputException;
import io.planisphere.source.OptOut;
import io.planisphere.source.PhotoInput;
import io.planisphere.spark.RunRecord.Invocation;
import io.planisphere.spark.file.Lease;
import io.planisphere.spark.plan.Allowed;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.plan.PlanCounts;
import io.planisphere.spark.progress.ProgressLine;
import io.planisphere.spark.progress.RunWatch;
import io.planisphere.spark.progress.TaskCounts;
import io.planisphere.spark.progress.TaskMetrics;
import io.planisphere.spark.progress.Work;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One start of an inference job on an output: holds it against what the output was begun with, plans what is new, runs the
 * query, proves that every input has its row, and writes down what came of it.
 */
public final class InferenceRun implements AutoCloseable {
    private static final int SHARDS_PER_CORE = 16;

    private final SparkSession spark;
    private final RunDirectory directory;
    private final Lease lease;
    private final Plan plan;
    private final Accounts accounts;
    private final Labelling labelling;
    private final Superseding superseding;
    private final OptedOut optedOut;
    private final TaskMetrics metrics;
    private final Settings settings;
    private final PrintStream progress;
    private final Optional<JobRows.Pass> secondPass;
    private final boolean writesShards;
    private RunRecord record;

    /**
     * What the command line says.
     *
     * @param job name of the job
     * @param shardsPerBatch shards in one batch, or tasks' worth of references
     * @param device that networks run on
     * @param batchSize photos per call of the engine
     * @param optOut whose photos are left out
     * @param allowed what manifests may name
     * @param commandLine for the record
     */
    public record Settings(
            String job,
            ImageLimits limits,
            int shardsPerBatch,
            Device device,
            int batchSize,
            OptOut optOut,
            Allowed allowed,
            List<String> commandLine) {}

    /**
     * What stands in the output afterwards.
     *
     * @param labelled rows that this start made; those of repeated tasks count again
     * @param photos rows in all
     * @param status rows by status code
     * @param planned what this start found in the inputs
     * @param videosSkipped in all starts
     * @param replacedShards in all starts; their rows are of what stood there when they were read
     */
    public record Outcome(
            long labelled,
            long photos,
            Map<String, Long> status,
            PlanCounts planned,
            long videosSkipped,
            long replacedShards,
            double seconds) {

        /** Share of the rows that are not ok; a photo whose owner opted out is no error. */
        public double errorRate() {
            long fine = status.getOrDefault(Status.OK.code(), 0L) + status.getOrDefault(Status.OPTED_OUT.code(), 0L);
            return photos == 0 ? 0 : (photos - fine) / (double) photos;
        }
    }

    /**
     * Shards of a batch unless somebody says otherwise: so many that the end of a batch, when cores wait for the last of its tasks,
     * and the pause after it are a small part of it.
     *
     * @param cores that tasks run on
     */
    public static int shardsPerBatch(int cores) {
        return SHARDS_PER_CORE * cores;
    }

    /**
     * Opens the output, for this start alone until it is closed.
     *
     * @param progress where to say how far the run is
     * @throws InputException if the output holds something else, or rows of another model, or another start writes to it
     */
    public static InferenceRun open(
            SparkSession spark, String output, JobRows rows, Settings settings, PrintStream progress)
            throws IOException {
        RunDirectory directory = new RunDirectory(output, spark.sparkContext().hadoopConfiguration());
        if (directory.isForeign()) {
            throw new InputException("Output " + directory.output()
                    + " holds files that are not of a run; give a new or empty directory as --output");
        }
        Lease lease = directory.lease(progress::println);
        try {
            return new InferenceRun(spark, directory, lease, rows, settings, progress);
        } catch (IOException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private InferenceRun(
            SparkSession spark,
            RunDirectory directory,
            Lease lease,
            JobRows rows,
            Settings settings,
            PrintStream progress)
            throws IOException {
        this.spark = spark;
        this.directory = directory;
        this.lease = lease;
        this.settings = settings;
        this.progress = progress;
        secondPass = rows.secondPass();
        record = new BegunWith(directory, settings).record(rows);
        metrics = TaskMetrics.register(spark.sparkContext());
        boolean described = rows.content() == Content.PHOTOS_AND_SIDECARS;
        plan = new Plan(spark, directory.run(), described ? Plan.Metadata.KEPT : Plan.Metadata.LEFT);
        accounts = new Accounts(directory, plan);
        Optional<SideFiles> files = rows.sideFiles(spark, plan);
        writesShards = files.isPresent();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<OptOut> optOut = context.broadcast(settings.optOut());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        labelling = new Labelling(
                spark,
                new PhotoTask(rows, settings.limits(), settings.device(), settings.batchSize(), metrics, optOut, false),
                hadoop,
                files);
        superseding = new Superseding(spark, directory);
        optedOut = new OptedOut(spark, superseding, plan, optOut, hadoop, progress);
    }

    /** Lets another start have the output. */
    @Override
    public void close() {
        lease.close();
    }

    /** Labels what is new in the inputs, and what an earlier start left undone. */
    public Outcome label(List<PhotoInput> inputs) throws IOException {
        InputKind kind = InputKind.of(inputs);
        if (!record.input().isEmpty() && !record.input().equals(kind.code())) {
            throw new InputException("Output " + directory.output() + " was begun with " + record.input()
                    + " and the inputs are " + kind.code() + " now; give another --output");
        }
        record = record.withInput(kind.code());
        boolean settled = record.isSettled();
        boolean heldAgainstList = record.isSettledWith(settings.optOut());
        return recorded(watch -> {
            // a batch that was cut short is written again under its number, so its rows stay where they are until then
            if (settled && !heldAgainstList) {
                emptyOptedOut(kind);
            }
            boolean shards = kind == InputKind.SHARDS;
            PlanCounts found = plan.extend(
                    inputs, shards ? settings.shardsPerBatch() : Plan.REFERENCES_PER_CHUNK, settings.allowed());
            watch.begin(accounts.toDo(kind));
            try (ProgressLine line = new ProgressLine(watch::now, progress)) {
                line.start();
                new InferenceQuery(spark, directory, plan, labelling, lease, watch::batch)
                        .run(kind, shards ? 1 : chunksPerBatch());
            }
            if (!settled) {
                emptyOptedOut(kind);
            }
            accounts.proveNothingLeft(kind);
            return found;
        });
    }

    /** Labels the rows with these statuses again, and nothing else. */
    public Outcome retry(Set<Status> statuses) throws IOException {
        if (record.invocations().isEmpty()) {
            throw new InputException(
                    "Output " + directory.output() + " has no rows to retry; run without --retry first");
        }
        if (!record.isSettled()) {
            throw new InputException("The last start on output " + directory.output()
                    + " did not end; run without --retry first, which labels what it left");
        }
        InputKind kind = InputKind.ofCode(record.input());
        if (writesShards && kind == InputKind.SHARDS) {
            throw new InputException(
                    "Output " + directory.output() + " was made from shards, whose photos stand in new "
                            + "ones by now; give the shards that were mended as --input of another output instead of --retry");
        }
        boolean heldAgainstList = record.isSettledWith(settings.optOut());
        return recorded(watch -> {
            if (!heldAgainstList) {
                emptyOptedOut(kind);
            }
            if (directory.hasRows()) {
                watch.begin(Work.UNKNOWN);
                try (ProgressLine line = new ProgressLine(watch::now, progress)) {
                    line.start();
                    new Retry(superseding, plan, labelling).run(kind, statuses);
                }
            }
            return PlanCounts.NONE;
        });
    }

    /** Files of the plan that hold as many references as a batch's tasks take. */
    private int chunksPerBatch() {
        long references = (long) settings.shardsPerBatch() * Labelling.REFERENCES_PER_TASK;
        return (int) Math.max(1, references / Plan.REFERENCES_PER_CHUNK);
    }

    /** The rows of photos and users that came on the list after they were labelled. */
    private void emptyOptedOut(InputKind kind) throws IOException {
        if (!settings.optOut().isEmpty() && directory.hasRows()) {
            optedOut.rewrite(kind);
        }
    }

    private interface Step {
        PlanCounts run(RunWatch watch) throws IOException;
    }

    private Outcome recorded(Step step) throws IOException {
        long start = System.nanoTime();
        int cores = spark.sparkContext().defaultParallelism();
        Invocation begun =
                Invocation.begin(settings.commandLine(), settings.optOut(), settings.device(), spark.version(), cores);
        record = record.begin(begun);
        directory.write(directory.record(), record);
        String state = "failed";
        PlanCounts planned = PlanCounts.NONE;
        Map<String, Long> status = record.status(); // as they were, if this start fails
        RunRecord running = record;
        try (RunWatch watch = RunWatch.open(spark.sparkContext(), metrics, cores);
                RunningRecord shown = new RunningRecord(
                        directory, lease, () -> running.soFar(begun.soFar(watch.now(), secondsSince(start))))) {
            shown.start();
            new Rewrite(directory).finish();
            planned = step.run(watch);
            if (secondPass.isPresent() && directory.hasRows()) {
                secondPass.get().over(spark, directory);
            }
            status = directory.hasRows() ? Labelling.statusCounts(spark, directory.output()) : Map.of();
            accounts.proveRows(status);
            state = "done";
        } finally {
            TaskCounts done = metrics.ended();
            record = record.end(begun.end(state, done.photos(), secondsSince(start), done.times()), status);
            if (lease.isHeld()) {
                directory.write(directory.record(), record);
            }
        }
        Invocation ended = record.last();
        return new Outcome(
                ended.photos(),
                record.photos(),
                record.status(),
                planned,
                accounts.videosSkipped(),
                accounts.replacedShards(),
                ended.seconds());
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
