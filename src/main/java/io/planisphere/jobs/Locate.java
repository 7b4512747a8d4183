package io.planisphere.jobs;

import io.planisphere.model.ModelPackage;
import io.planisphere.source.Globs;
import io.planisphere.source.PhotoInputs;
import io.planisphere.spark.InferenceRun;
import io.planisphere.spark.InferenceRun.Outcome;
import io.planisphere.spark.InferenceRun.Settings;
import io.planisphere.spark.LocateRows;
import io.planisphere.spark.Sparks;
import io.planisphere.spark.plan.PlanCounts;
import io.planisphere.vision.GeolocationModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Says where photos were taken.
 *
 * <p><b>Input:</b> photos in tars (WebDataset), or by reference: a manifest of URIs, a folder, YFCC100M metadata.
 *
 * <p><b>Output:</b> {@code batch=N/*.parquet} with one row per photo: {@code id, uri, status, detail, width, height,
 * latitude, longitude, cell, confidence, radius_km, cells}; and {@code _run/run.json}.
 *
 * <p><b>Example:</b> {@code jobs/locate.sh --input src/samples/earth --output target/located}
 *
 * <p><b>Resume:</b> start the same command again. What is done stays, what was cut short is repeated, what is new in the
 * inputs is added.
 */
@Command(
        name = "locate",
        description = "Says where photos were taken.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Locate implements Callable<Integer> {
    /** Finished, but with more errors than allowed. */
    private static final int TOO_MANY_ERRORS = 2;

    @Mixin
    private InferenceOptions options = new InferenceOptions();

    @Option(
            names = "--model",
            paramLabel = "PACKAGE",
            description = "builtin:NAME, a directory or a zip; default: ${DEFAULT-VALUE}",
            defaultValue = "builtin:earth")
    private String model = "";

    @Option(
            names = "--top-k",
            paramLabel = "N",
            description = "cells per row; default: ${DEFAULT-VALUE}",
            defaultValue = "5")
    private int topK;

    @Option(
            names = "--show",
            paramLabel = "N",
            description = "print the first rows at the end; default: ${DEFAULT-VALUE}",
            defaultValue = "0")
    private int show;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        options.check(problems);
        InferenceOptions.atLeastOne(problems, "--top-k", topK);
        problems.refuse();

        SparkSession spark = Sparks.session("planisphere locate");
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        GeolocationModel geolocation = new GeolocationModel(ModelPackage.open(model, hadoop));
        LocateRows rows = new LocateRows(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(geolocation), topK);
        Settings settings = new Settings(
                "locate",
                options.limits(),
                options.shardsPerBatch(),
                options.batchSize(),
                spec.commandLine().getParseResult().originalArgs());
        InferenceRun run = InferenceRun.open(spark, options.output(), rows, settings, System.err);
        Outcome outcome = options.retry().isEmpty()
                ? run.label(new PhotoInputs(hadoop, options.format(), options.images()).of(options.inputs()))
                : run.retry(options.retry());
        report(outcome);
        if (show > 0) {
            print(spark.read()
                    .parquet(Globs.literal(options.output()))
                    .orderBy("uri")
                    .limit(show));
        }
        return outcome.errorRate() > options.maxErrorRate() ? TOO_MANY_ERRORS : 0;
    }

    private void report(Outcome outcome) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%,d photos labelled in %.1f s, %,.1f per second%n",
                outcome.labelled(),
                outcome.seconds(),
                outcome.labelled() / outcome.seconds());
        out.printf(Locale.ROOT, "%,d photos, %,d rows:", outcome.photos(), outcome.photos());
        outcome.status().forEach((code, count) -> out.printf(Locale.ROOT, " %,d %s", count, code));
        out.println();
        PlanCounts planned = outcome.planned();
        counted(out, planned.impossiblePlaces(), "photos lost an impossible place");
        counted(out, planned.repeated(), "repeated references were taken once");
        counted(out, outcome.videosSkipped(), "videos were skipped");
        counted(out, planned.otherFilesSkipped(), "other files were skipped");
        out.printf("Rows: %s%n", options.output());
        out.flush();
    }

    private void print(Dataset<Row> rows) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%n%-28s %-12s %10s %10s %11s %10s%n",
                "photo", "status", "latitude", "longitude", "confidence", "radius");
        for (Row row : rows.select("id", "status", "latitude", "longitude", "confidence", "radius_km")
                .collectAsList()) {
            out.printf("%-28s %-12s", row.getString(0), row.getString(1));
            if (!row.isNullAt(2)) {
                out.printf(
                        Locale.ROOT,
                        " %10.4f %10.4f %10.1f%% %7.0f km",
                        row.getDouble(2),
                        row.getDouble(3),
                        100 * row.getFloat(4),
                        row.getFloat(5));
            }
            out.println();
        }
        out.flush();
    }

    private static void counted(PrintWriter out, long count, String what) {
        if (count > 0) {
            out.printf(Locale.ROOT, "%,d %s%n", count, what);
        }
    }
}
