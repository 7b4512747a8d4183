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

/** All that the page of a run shows. Its size depends on neither the number of photos nor that of cells. */
public final class RunReport {
    private static final int REASONS_PER_STATUS = 8;

    private final ReportedRun run;
    private final Gathered gathered = new Gathered();

    private RunReport(ReportedRun run) {
        this.run = run;
    }

    /**
     * Opens the run; reads no rows yet.
     *
     * @param run the output of a job
     * @throws IllegalArgumentException if there is none, or it has no rows
     */
    public static RunReport open(SparkSession spark, String run) throws IOException {
        return new RunReport(ReportedRun.open(spark, run));
    }

    /** Whether it says where photos were taken, so that a truth about places fits. */
    public boolean placesPhotos() {
        return PlaceFigures.fit(run);
    }

    /** The job that ran. */
    public String job() {
        return run.record().job();
    }

    /** True places, and how the command line names them. */
    public record Truth(PlaceTruth places, String location) {}

    /** Whether small pictures of photos stand in the page. */
    public enum Thumbnails {
        SHOWN,
        LEFT_OUT
    }

    /**
     * Counts and draws.
     *
     * @param access where pictures may be fetched from
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

    /** As the page names it; until here its uri was needed to read it. */
    private static Example named(Example example) {
        return new Example(
                Texts.shortened(example.id()),
                Texts.shortened(example.uri()),
                example.width(),
                example.height(),
                example.answer(),
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
