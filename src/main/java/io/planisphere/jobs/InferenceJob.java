package io.planisphere.jobs;

import io.planisphere.source.PhotoInputs;
import io.planisphere.spark.InferenceRun;
import io.planisphere.spark.InferenceRun.Outcome;
import io.planisphere.spark.InferenceRun.Settings;
import io.planisphere.spark.JobRows;
import io.planisphere.spark.plan.PlanCounts;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Model.CommandSpec;

/** What every job that makes rows of photos does once it knows its rows: run, report, exit code. */
final class InferenceJob {
    /** Finished, but with more errors than allowed. */
    private static final int TOO_MANY_ERRORS = 2;

    private final String name;
    private final String done;
    private final String output;
    private final PhotoOptions options;
    private final CommandSpec spec;

    InferenceJob(String name, PhotoOptions options, CommandSpec spec) {
        this(name, "labelled", options.output(), options, spec);
    }

    /**
     * @param done what has become of the photos, for the report
     * @param output directory of the rows
     */
    InferenceJob(String name, String done, String output, PhotoOptions options, CommandSpec spec) {
        this.name = name;
        this.done = done;
        this.output = output;
        this.options = options;
        this.spec = spec;
    }

    /** Labels or retries, as the options say, and prints what came of it. */
    Outcome run(SparkSession spark, JobRows rows) throws IOException {
        options.device().require(spark.sparkContext());
        Settings settings = new Settings(
                name,
                options.limits(),
                options.shardsPerBatch(spark.sparkContext().defaultParallelism()),
                options.device(),
                options.batchSize(),
                options.optOut(spark.sparkContext().hadoopConfiguration()),
                options.allowed(),
                spec.commandLine().getParseResult().originalArgs());
        PrintStream progress = System.err;
        try (InferenceRun run = InferenceRun.open(spark, output, rows, settings, progress)) {
            Outcome outcome = options.retry().isEmpty()
                    ? run.label(new PhotoInputs(
                                    spark.sparkContext().hadoopConfiguration(),
                                    options.format(),
                                    options.images(),
                                    options.photoColumn())
                            .of(options.inputs()))
                    : run.retry(options.retry());
            report(outcome);
            return outcome;
        }
    }

    int exitCode(Outcome outcome) {
        return outcome.errorRate() > options.maxErrorRate() ? TOO_MANY_ERRORS : 0;
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
        out.printf("Rows: %s%n", output);
        out.flush();
    }

    private static void counted(PrintWriter out, long count, String what) {
        if (count > 0) {
            out.printf(Locale.ROOT, "%,d %s%n", count, what);
        }
    }
}
