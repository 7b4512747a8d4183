package io.planisphere.spark.report;

import static org.apache.spark.sql.functions.col;

import io.planisphere.image.Status;
import io.planisphere.report.ReportData;
import io.planisphere.report.ReportData.Example;
import io.planisphere.report.ReportData.Reason;
import io.planisphere.report.ReportData.Rejected;
import io.planisphere.source.Access;
import io.planisphere.spark.evaluate.PlaceTruth;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** The report on a run. Its size is independent of the number of photos and cells. */
public final class RunReport {
    private static final int REASONS_PER_STATUS = 8;

    private final ReportedRun run;
    private final Gathered gathered = new Gathered();

    private RunReport(ReportedRun run) {
        this.run = run;
    }

    /**
     * Opens the run without reading rows.
     *
     * @param run output of a job
     * @throws IllegalArgumentException if there is none, or it has no rows
     */
    public static RunReport open(SparkSession spark, String run) throws IOException {
        return new RunReport(ReportedRun.open(spark, run));
    }

    /** Returns whether the run predicts places, so that true places can be compared with it. */
    public boolean placesPhotos() {
        return PlaceFigures.fit(run);
    }

    /** Returns the job that ran. */
    public String job() {
        return run.record().job();
    }

    /** True places, and their location as given on the command line. */
    public record Truth(PlaceTruth places, String location) {}

    /** Whether the page has thumbnails of photos. */
    public enum Thumbnails {
        SHOWN,
        LEFT_OUT
    }

    /**
     * Computes the data of the page.
     *
     * @param access rules for fetching photos for thumbnails
     * @throws IllegalArgumentException if the truth does not fit the rows
     */
    public ReportData data(Optional<Truth> truth, Thumbnails thumbnails, Access access) throws IOException {
        Optional<ScoredPlaces> scored = truth.isPresent()
                ? Optional.of(
                        ScoredPlaces.of(run, truth.get().places(), truth.get().location()))
                : Optional.empty();
        Map<String, Long> status = new TreeMap<>();
        run.rows()
                .groupBy("status")
                .count()
                .collectAsList()
                .forEach(row -> status.put(String.valueOf(row.getString(0)), row.getLong(1)));
        List<Rejected> rejected = rejected(status);
        ReportData.Places places = PlaceFigures.fit(run) ? new PlaceFigures(run, gathered).of(scored) : null;
        ReportData.Boxes boxes = BoxFigures.fit(run) ? new BoxFigures(run, gathered).of() : null;
        ReportData.Labels labels = LabelFigures.fit(run) ? new LabelFigures(run, gathered).of() : null;
        return new ReportData(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Texts.shortened(run.given()),
                run.json(),
                status,
                rejected,
                places,
                boxes,
                labels,
                examples(thumbnails, access),
                gathered.notes());
    }

    private List<Example> examples(Thumbnails thumbnails, Access access) throws IOException {
        List<Example> examples = thumbnails == Thumbnails.SHOWN
                ? new Pictures(run, access).of(gathered.examples())
                : gathered.examples();
        return examples.stream().map(RunReport::named).toList();
    }

    /** Returns the example with the uri to show in the page; the original was needed to read the photo. */
    private static Example named(Example example) {
        return new Example(
                Texts.shortened(example.id()),
                Texts.shortened(example.uri()),
                example.width(),
                example.height(),
                example.prediction(),
                example.boxes(),
                example.labels(),
                example.thumbnail(),
                example.unread());
    }

    private List<Rejected> rejected(Map<String, Long> status) {
        List<String> statuses = status.keySet().stream()
                .filter(code -> !code.equals(Status.OK.code()))
                .toList();
        Map<String, List<Row>> reasons = statuses.isEmpty()
                ? Map.of()
                : SampledRows.of(
                        run.rows(),
                        col("status"),
                        statuses,
                        REASONS_PER_STATUS,
                        col("id"),
                        col("detail"),
                        col("width"),
                        col("height"));
        return statuses.stream()
                .map(code -> new Rejected(
                        code,
                        status.getOrDefault(code, 0L),
                        reasons.getOrDefault(code, List.of()).stream()
                                .map(RunReport::reason)
                                .toList()))
                .sorted((one, other) -> Long.compare(other.photos(), one.photos()))
                .toList();
    }

    private static Reason reason(Row row) {
        return new Reason(
                Texts.shortened(row.getAs("id")),
                Texts.shortened(row.getAs("uri")),
                Texts.shortened(row.getAs("detail")),
                orZero(row.getAs("width")),
                orZero(row.getAs("height")));
    }

    private static int orZero(@Nullable Integer value) {
        return value == null ? 0 : value;
    }
}
