package io.planisphere.spark.run;

import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.source.Access;
import io.planisphere.source.Content;
import io.planisphere.source.InputException;
import io.planisphere.source.OptOut;
import io.planisphere.source.PhotoInput;
import io.planisphere.spark.commit.CommitLog;
import io.planisphere.spark.commit.FolderOutput;
import io.planisphere.spark.commit.LogState;
import io.planisphere.spark.commit.Output;
import io.planisphere.spark.commit.OutputName;
import io.planisphere.spark.commit.TableOutput;
import io.planisphere.spark.commit.table.RowTable;
import io.planisphere.spark.file.Lease;
import io.planisphere.spark.plan.InputKind;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.plan.PlanCounts;
import io.planisphere.spark.progress.ProgressLine;
import io.planisphere.spark.progress.RunWatch;
import io.planisphere.spark.progress.TaskMetrics;
import io.planisphere.spark.progress.Work;
import io.planisphere.spark.rows.JobRows;
import io.planisphere.spark.rows.SideFiles;
import io.planisphere.spark.run.RunRecord.Invocation;
import io.planisphere.spark.task.Device;
import io.planisphere.spark.task.PhotoTask;
import io.planisphere.spark.task.TaskSlots;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * One run of an inference job on an output: checks that the run's settings match those of the output, plans new inputs, labels
 * batch by batch, verifies that every input has its row, and records the result.
 */
public final class InferenceRun implements AutoCloseable {
    private final SparkSession spark;
    private final RunDirectory directory;
    private final Lease lease;
    private final CommitLog log;
    private final Output output;
    private final Plan plan;
    private final Plan.Metadata metadata;
    private final Accounts accounts;
    private final Labelling labelling;
    private final Optional<SideFiles> sideFiles;
    private final OptedOut optedOut;
    private final TaskMetrics metrics;
    private final Settings settings;
    private final Deliveries deliveries;
    private final PrintWriter progress;
    private final List<JobRows.Pass> passes = new ArrayList<>();
    private RunRecord record;

    /**
     * The settings from the command line.
     *
     * @param job name of the job
     * @param shardsPerBatch shards in one batch, or as many tasks' worth of references; if empty, computed before each batch from
     *     the number of executors
     * @param device device that networks run on
     * @param batchSize photos per inference call
     * @param optOut list of the photos and users to leave out
     * @param access rules for what may be fetched
     * @param mostUndelivered share of a batch, 0 to 1, that may be forbidden or unreachable before the run stops
     * @param commandLine arguments, for {@code run.json}
     */
    public record Settings(
            String job,
            ImageLimits limits,
            OptionalInt shardsPerBatch,
            Device device,
            int batchSize,
            OptOut optOut,
            Access access,
            double mostUndelivered,
            List<String> commandLine) {}

    /**
     * The result of a run.
     *
     * @param labelled rows that this run made; rows of repeated tasks count again
     * @param photos rows in the output
     * @param status rows by status code
     * @param planned counts of what this run found in the inputs
     * @param videosSkipped videos skipped, over all runs
     * @param replacedShards shards that were replaced after planning, over all runs; their rows describe the contents at the time
     *     of reading
     * @param undelivered message if the run counts as failed although all work is done, because too many photos were not
     *     delivered
     */
    public record Outcome(
            long labelled,
            long photos,
            Map<String, Long> status,
            PlanCounts planned,
            long videosSkipped,
            long replacedShards,
            double seconds,
            Optional<String> undelivered) {

        /** Returns the share of rows that are not ok, 0 to 1; a photo whose owner opted out is no error. */
        public double errorRate() {
            long fine = status.getOrDefault(Status.OK.code(), 0L) + status.getOrDefault(Status.OPTED_OUT.code(), 0L);
            return photos == 0 ? 0 : (photos - fine) / (double) photos;
        }
    }

    /**
     * Opens the output for exclusive use by this run until it is closed.
     *
     * @param inputs inputs that are going to be planned; none for a retry
     * @param progress writer for progress messages
     * @throws InputException if the output holds files that are not of a run, or rows of another model, or another run writes to
     *     it
     */
    public static InferenceRun open(
            SparkSession spark,
            OutputName name,
            JobRows rows,
            Settings settings,
            List<PhotoInput> inputs,
            PrintWriter progress)
            throws IOException {
        RunDirectory directory = new RunDirectory(name, spark.sparkContext().hadoopConfiguration());
        if (directory.isForeign()) {
            boolean isState = name.state().isPresent();
            throw new InputException((isState ? "--state " : "Output ") + directory.folder()
                    + " holds files that are not of a run; give a new or empty directory as "
                    + (isState ? "--state" : "--output"));
        }
        boolean existed = directory.fileSystem().exists(directory.folder());
        Lease lease = directory.lease(progress::println);
        try {
            return new InferenceRun(spark, name, directory, lease, rows, settings, inputs, progress);
        } catch (IOException | RuntimeException e) {
            lease.close();
            directory.removeEmpty(existed);
            throw e;
        }
    }

    private InferenceRun(
            SparkSession spark,
            OutputName name,
            RunDirectory directory,
            Lease lease,
            JobRows rows,
            Settings settings,
            List<PhotoInput> inputs,
            PrintWriter progress)
            throws IOException {
        this.spark = spark;
        this.directory = directory;
        this.lease = lease;
        this.settings = settings;
        this.deliveries = new Deliveries(settings.mostUndelivered());
        this.progress = progress;
        rows.secondPass().ifPresent(passes::add);
        boolean described = rows.content() == Content.PHOTOS_AND_SIDECARS;
        metadata = described ? Plan.Metadata.KEPT : Plan.Metadata.LEFT;
        LogState state = directory.state();
        Plan before = Plan.of(spark, directory.run(), state);
        record = new RunCompatibility(directory, settings, before)
                .record(rows, name.table().orElse(""));
        // write nothing before the tables are known to fit
        if (name.table().isPresent()) {
            RowTable.require(spark, name.table().get(), rows.schema(), state.run());
        }
        if (before.isEmpty()) {
            Plan.requireTables(spark, inputs);
        }
        log = CommitLog.open(directory.log(), directory.fileSystem(), "Output " + directory.name());
        plan = Plan.of(spark, directory.run(), log.state());
        output = name.table().isPresent()
                ? TableOutput.open(
                        spark, log, rows.schema(), name.table().get(), directory.run(), directory.fileSystem())
                : new FolderOutput(spark, log, rows.schema(), directory.folder(), directory.fileSystem());
        metrics = TaskMetrics.register(spark.sparkContext());
        accounts = new Accounts(output.name(), log.state(), plan);
        sideFiles = rows.sideFiles(spark, plan);
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<OptOut> optOut = context.broadcast(settings.optOut());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        labelling = new Labelling(
                spark,
                new PhotoTask(
                        rows,
                        settings.limits(),
                        settings.device(),
                        settings.batchSize(),
                        metrics,
                        optOut,
                        settings.access(),
                        false),
                hadoop,
                sideFiles);
        optedOut = new OptedOut(spark, output, plan, optOut, hadoop, progress);
    }

    /** Adds a pass over all rows of the output at the end of this run, after the job's own passes. */
    public void then(JobRows.Pass pass) {
        passes.add(pass);
    }

    /** Releases the output for other runs. */
    @Override
    public void close() {
        lease.close();
    }

    /** Labels new photos of the inputs, and planned photos that an earlier run left undone. */
    public Outcome label(List<PhotoInput> inputs) throws IOException {
        InputKind kind = InputKind.of(inputs);
        if (!record.input().isEmpty() && !record.input().equals(kind.code())) {
            throw new InputException("Output " + directory.name() + " was begun with " + record.input()
                    + " and the inputs are " + kind.code() + " now; give another --output");
        }
        record = record.withInput(kind.code());
        boolean heldAgainstList = record.isSettledWith(settings.optOut());
        return recorded(watch -> {
            if (!heldAgainstList) {
                emptyOptedOut(kind);
            }
            if (plan.isEmpty()) { // else there may be nothing to label
                labelling.task().openNetworksAhead(spark.sparkContext());
            }
            PlanCounts found = plan.extend(inputs, metadata, log, progress::println);
            watching(watch, accounts.toDo(kind), () -> labelPlanned(kind, watch));
            return found;
        });
    }

    /** Finishes what an earlier run left undone, then labels the rows with these statuses again. Plans nothing new. */
    public Outcome retry(Set<Status> statuses) throws IOException {
        if (plan.isEmpty()) {
            throw new InputException("Output " + directory.name() + " has no rows to retry; run without --retry first");
        }
        InputKind kind = InputKind.ofCode(record.input());
        if (sideFiles.isPresent() && kind == InputKind.SHARDS) {
            throw new InputException("Output " + directory.name() + " was made from shards, whose photos stand in new "
                    + "ones by now; give the shards that were mended as --input of another output instead of --retry");
        }
        boolean heldAgainstList = record.isSettledWith(settings.optOut());
        return recorded(watch -> {
            if (!heldAgainstList) {
                emptyOptedOut(kind);
            }
            watching(watch, Work.UNKNOWN, () -> {
                labelPlanned(kind, watch);
                new Retry(output, plan, labelling, deliveries).run(kind, statuses);
            });
            return PlanCounts.NONE;
        });
    }

    private interface Labels {
        void label() throws IOException;
    }

    private void watching(RunWatch watch, Work work, Labels labels) throws IOException {
        watch.begin(work);
        try (ProgressLine line = new ProgressLine(watch::now, progress)) {
            line.start();
            labels.label();
        } catch (Exception e) { // Spark throws checked exceptions without declaring them
            plan.refuseIfGone(e);
            throw e;
        }
    }

    private void labelPlanned(InputKind kind, RunWatch watch) throws IOException {
        PlannedWork work = new PlannedWork(
                plan, kind, labelling, Boolean.parseBoolean(spark.conf().get(PlannedWork.ISOLATE_INTERRUPTED, "true")));
        new LabelLoop(spark.sparkContext(), output, work, deliveries, watch::batch)
                .run(plan.units(), () -> unitsPerBatch(kind));
        if (deliveries.failed().isPresent() && accounts.isAnythingLeft(kind)) {
            throw new UndeliveredPhotos(deliveries
                    .described(output, "The run was stopped; start it again for the rest. ")
                    .orElseThrow());
        }
        accounts.proveNothingLeft(kind);
    }

    /** Returns the units of one batch: shards, or chunks with as many references as tasks for that many shards take. */
    private int unitsPerBatch(InputKind kind) {
        int shards = settings.shardsPerBatch()
                .orElseGet(() -> TaskSlots.shardsPerBatch(TaskSlots.awaited(spark.sparkContext())));
        if (kind == InputKind.SHARDS) {
            return shards;
        }
        long references = (long) shards * Labelling.REFERENCES_PER_TASK;
        return (int) Math.max(1, references / Plan.referencesPerChunk(spark));
    }

    /** Empties the rows of photos and users that were added to the opt-out list after they were labelled. */
    private void emptyOptedOut(InputKind kind) throws IOException {
        if (!settings.optOut().isEmpty() && output.hasRows()) {
            optedOut.empty(kind);
        }
    }

    private void removeGarbage() throws IOException {
        output.removeGarbage();
        if (sideFiles.isPresent()) {
            sideFiles.get().removeGarbage(sideFilesOf(output.state()), output::isOurs);
        }
    }

    /** Removes uncommitted files of this failed run; if that fails too, the original failure is still the one reported. */
    private void removeUncommitted(Throwable failure) {
        try {
            LogState now = output.now();
            output.removeUncommitted(now);
            if (sideFiles.isPresent()) {
                sideFiles.get().removeGarbage(sideFilesOf(now), output::isOfThisRun);
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static Set<String> sideFilesOf(LogState state) {
        return state.batches().stream()
                .flatMap(batch -> batch.sideFiles().stream())
                .collect(Collectors.toSet());
    }

    private interface Step {
        PlanCounts run(RunWatch watch) throws IOException;
    }

    private Outcome recorded(Step step) throws IOException {
        PlanCounts planned;
        long lastCommit = output.state().lastCommitVersion();
        try (RunWatch watch = RunWatch.open(spark.sparkContext(), metrics)) {
            Invocation begun =
                    Invocation.begin(settings.commandLine(), settings.optOut(), settings.device(), spark.version());
            StartRecord started = new StartRecord(directory, log, metrics, watch, record, begun);
            Map<String, Long> status;
            try (RunningRecord shown = new RunningRecord(directory, log, started::soFar)) {
                shown.start();
                removeGarbage();
                long version = output.state().version();
                planned = step.run(watch);
                status = pass(lastCommit);
                if (output.state().version() != version) { // otherwise nothing was written
                    removeGarbage();
                }
            } catch (IOException | RuntimeException | Error failure) {
                removeUncommitted(failure);
                started.failed(failure);
                throw failure;
            }
            record = started.done(status);
        }
        Invocation ended = record.last();
        return new Outcome(
                ended.photos(),
                record.photos(),
                record.status(),
                planned,
                accounts.videosSkipped(),
                accounts.replacedShards(),
                ended.seconds(),
                deliveries.described(output, ""));
    }

    /**
     * Runs the passes over all rows, then counts the rows by status and verifies the counts.
     *
     * @param lastCommit version of the last commit before this run
     */
    private Map<String, Long> pass(long lastCommit) throws IOException {
        if (output.hasRows()) {
            for (JobRows.Pass pass : passes) {
                pass.over(spark, output);
            }
        }
        boolean isUnchanged = output.state().lastCommitVersion() == lastCommit && record.isProven();
        Map<String, Long> status = isUnchanged ? record.status() : Labelling.statusCounts(output);
        accounts.proveRows(status);
        return status;
    }
}
