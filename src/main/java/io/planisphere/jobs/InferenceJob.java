package io.planisphere.jobs;

import io.planisphere.model.ModelPackage;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.PhotoInputs;
import io.planisphere.spark.commit.OutputName;
import io.planisphere.spark.lineage.Lineage;
import io.planisphere.spark.plan.PlanCounts;
import io.planisphere.spark.rows.JobRows;
import io.planisphere.spark.run.InferenceRun;
import io.planisphere.spark.run.InferenceRun.Outcome;
import io.planisphere.spark.run.InferenceRun.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Model.CommandSpec;

/** The common part of all jobs that make rows of photos: run, report, exit code. */
final class InferenceJob {
    /** Exit code of a run that finished with more errors than allowed. */
    private static final int TOO_MANY_ERRORS = 2;

    private final String name;
    private final String done;
    private final OutputName output;
    private final String written;
    private final List<String> tables = new ArrayList<>();
    private final List<ModelPackage> models = new ArrayList<>();
    private final PhotoOptions options;
    private final CommandSpec spec;

    InferenceJob(String name, PhotoOptions options, CommandSpec spec) {
        this(name, "labelled", options.output(), options.output().given(), options, spec);
    }

    /**
     * @param done past participle for the report, such as "labelled"
     * @param output output of the rows
     * @param written what the user asked for: the rows, or what stands beside them
     */
    InferenceJob(String name, String done, OutputName output, String written, PhotoOptions options, CommandSpec spec) {
        this.name = name;
        this.done = done;
        this.output = output;
        this.written = written;
        this.options = options;
        this.spec = spec;
    }

    /** Adds a table that the job makes of its rows, for lineage. */
    void alsoWrites(String table) {
        tables.add(table);
    }

    /** Adds a model that the job uses besides that of its rows, for lineage. */
    void alsoUses(ModelPackage model) {
        models.add(model);
    }

    /** Labels or retries, depending on the options, and prints the result. */
    Outcome run(SparkSession spark, JobRows rows) throws IOException {
        return run(spark, rows, Optional.empty());
    }

    /** @param last pass over the rows at the end */
    Outcome run(SparkSession spark, JobRows rows, Optional<JobRows.Pass> last) throws IOException {
        Lineage lineage = Lineage.of(spark, name, spec.commandLine().getErr()).reads(options.inputs());
        if (written.equals(output.given())) {
            lineage.writes(written, rows.schema());
        } else {
            lineage.writes(written);
        }
        tables.forEach(lineage::writes);
        rows.network().ifPresent(lineage::uses);
        models.forEach(lineage::uses);
        return lineage.run(
                () -> {
                    Outcome outcome = outcome(spark, rows, last);
                    lineage.counted(outcome.labelled(), outcome.photos(), outcome.status());
                    return outcome;
                },
                this::failure);
    }

    private Outcome outcome(SparkSession spark, JobRows rows, Optional<JobRows.Pass> last) throws IOException {
        options.device().require(spark.sparkContext());
        Settings settings = new Settings(
                name,
                options.limits(),
                options.shardsPerBatch(),
                options.device(),
                options.batchSize(),
                options.optOut(spark.sparkContext().hadoopConfiguration()),
                options.access(),
                options.mostUndelivered(),
                spec.commandLine().getParseResult().originalArgs());
        PrintWriter progress = spec.commandLine().getErr();
        boolean isRetry = !options.retry().isEmpty();
        List<PhotoInput> inputs = isRetry
                ? List.of()
                : new PhotoInputs(
                                spark.sparkContext().hadoopConfiguration(),
                                options.format(),
                                options.images(),
                                options.photoColumn())
                        .of(options.inputs());
        try (InferenceRun run = InferenceRun.open(spark, output, rows, settings, inputs, progress)) {
            last.ifPresent(run::then);
            Outcome outcome = isRetry ? run.retry(options.retry()) : run.label(inputs);
            report(outcome);
            return outcome;
        }
    }

    int exitCode(Outcome outcome) {
        outcome.undelivered().ifPresent(message -> spec.commandLine().getErr().println(message));
        return failure(outcome).isEmpty() ? 0 : TOO_MANY_ERRORS;
    }

    /** Returns why a run that finished counts as failed. */
    private Optional<String> failure(Outcome outcome) {
        if (outcome.undelivered().isPresent() || outcome.errorRate() <= options.maxErrorRate()) {
            return outcome.undelivered();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%.4g of the rows are not ok, more than --max-error-rate %s allows",
                outcome.errorRate(),
                options.maxErrorRate()));
    }

    private void report(Outcome outcome) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d photos %s in %.1f s, %,.1f per second%n",
                outcome.labelled(),
                done,
                outcome.seconds(),
                outcome.labelled() / outcome.seconds());
        out.printf(Locale.ROOT, "%,d photos, %,d rows:", outcome.photos(), outcome.photos());
        outcome.status().forEach((code, count) -> out.printf(Locale.ROOT, " %,d %s", count, code));
        out.println();
        PlanCounts planned = outcome.planned();
        counted(out, planned.impossiblePlaces(), "photos lost an impossible place");
        counted(out, planned.repeated(), "repeated references were taken once");
        counted(out, outcome.videosSkipped(), "videos were skipped");
        counted(
                out,
                outcome.replacedShards(),
                "shards were replaced between planning and reading; their rows are of what stood there then");
        counted(out, planned.otherFilesSkipped(), "other files were skipped");
        out.printf("Rows: %s%n", output.given());
        out.flush();
    }

    private static void counted(PrintWriter out, long count, String what) {
        if (count > 0) {
            out.printf(Locale.ROOT, "%,d %s%n", count, what);
        }
    }
}
