package io.planisphere.jobs;

import io.planisphere.report.ReportPage;
import io.planisphere.source.Access;
import io.planisphere.source.Allowed;
import io.planisphere.spark.evaluate.PlaceTruth;
import io.planisphere.spark.file.WholeFile;
import io.planisphere.spark.lineage.Lineage;
import io.planisphere.spark.report.RunReport;
import io.planisphere.spark.report.RunReport.Thumbnails;
import io.planisphere.spark.report.RunReport.Truth;
import io.planisphere.spark.run.Sparks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Writes a report on a run: where photos were placed, what was detected in them, which were rejected and why, what ran and how
 * fast.
 *
 * <p><b>Input:</b> the output of a job; for {@code locate} optionally the true places, in the formats of {@code evaluate}.
 *
 * <p><b>Output:</b> one HTML page of a few MB at most, whatever the size of the run, that works offline.
 *
 * <p><b>Example:</b> {@code jobs/report.sh --run target/quickstart/places --output places.html}
 *
 * <p><b>Resume:</b> none; the file is written atomically at the end.
 */
@Command(
        name = "report",
        description = "Write a report on a run as one HTML page that works offline.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Report implements Callable<Integer> {
    @Option(names = "--run", required = true, paramLabel = "DIR", description = "Output of a job.")
    private String run = "";

    @Option(
            names = "--truth",
            paramLabel = "URI",
            description = "Ground truth of a locate run: CSV, TSV or Parquet; exif:FOLDER, webdataset:GLOB, "
                    + "yfcc100m:FILE or run:DIR, as for evaluate.")
    private Optional<String> truth = Optional.empty();

    @Mixin
    private ColumnOptions columns = new ColumnOptions();

    @Option(
            names = "--no-thumbnails",
            description = "Leave out thumbnails; the page then shows only names of photos and predictions.")
    private boolean withoutThumbnails;

    @Option(
            names = "--allow",
            paramLabel = "URI",
            description =
                    "Also read photos from hosts with private addresses, such as http://photos.local. Repeatable.")
    private List<String> allow = List.of();

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "HTML file to write.")
    private String output = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        SparkSession spark = Sparks.session("planisphere report");
        return Lineage.of(spark, "report", spec.commandLine().getErr())
                .reads(run)
                .reads(truth.stream().toList())
                .writes(output)
                .run(() -> report(spark));
    }

    private int report(SparkSession spark) throws IOException {
        Configuration hadoop = spark.sessionState().newHadoopConf();
        WholeFile file = new WholeFile(output, hadoop);
        Problems problems = new Problems();
        if (file.exists()) {
            problems.add("Cannot write a report to " + output + ": it exists; remove it or choose another --output");
        }
        Optional<RunReport> report = problems.attempt(() -> RunReport.open(spark, run));
        Optional<PlaceTruth> places = Optional.empty();
        if (truth.isPresent()) {
            places = problems.attempt(
                    () -> PlaceTruth.open(spark, truth.orElse(""), columns.ofPlaces(List.of()), columns.match()));
            if (report.isPresent() && !report.get().placesPhotos()) {
                problems.add("--truth is for runs of locate, and %s is one of %s; jobs/evaluate.sh --task scores others"
                        .formatted(run, report.get().job()));
            }
        }
        Optional<Allowed> allowed = problems.attempt(() -> Allowed.of(allow));
        problems.refuse();
        Optional<Truth> known = places.map(found -> new Truth(found, truth.orElse("")));
        Optional<String> page = problems.attempt(() -> ReportPage.of(report.orElseThrow()
                .data(
                        known,
                        withoutThumbnails ? Thumbnails.LEFT_OUT : Thumbnails.SHOWN,
                        Access.of(allowed.orElseThrow()))));
        problems.refuse();
        file.write(out -> out.write(page.orElseThrow()));
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "Wrote %s (%,d kB)%n",
                output,
                page.orElseThrow().getBytes(StandardCharsets.UTF_8).length / 1000);
        out.flush();
        return 0;
    }
}
