package io.planisphere.spark.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.slice;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.LatLng;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.report.Outline;
import io.planisphere.report.ReportData.Candidate;
import io.planisphere.report.ReportData.CellOfPhotos;
import io.planisphere.report.ReportData.Places;
import io.planisphere.report.ReportData.Prediction;
import io.planisphere.spark.evaluate.PredictedCells;
import io.planisphere.spark.evaluate.PredictedCells.Count;
import io.planisphere.vision.GeolocationModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** The figures of a {@code locate} run. */
final class PlaceFigures {
    /** Maximum number of cells to draw: those with the most photos. */
    static final int MOST_CELLS = 4_000;

    /** Number of these cells with examples: those with the most photos. */
    static final int CELLS_WITH_EXAMPLES = 100;

    static final int EXAMPLES_PER_CELL = 3;

    /** Maximum number of the partition's cells to draw. */
    static final int MOST_OF_PARTITION = 20_000;

    private static final int MOST_CANDIDATES = 10;
    private static final String[] COLUMNS = {"cell", "confidence", "cells", "latitude", "longitude"};

    private final ReportedRun run;
    private final Gathered gathered;

    PlaceFigures(ReportedRun run, Gathered gathered) {
        this.run = run;
        this.gathered = gathered;
    }

    /** Returns whether these are rows of {@code locate}. */
    static boolean fit(ReportedRun run) {
        return run.has(COLUMNS);
    }

    Places of(Optional<ScoredPlaces> scored) throws IOException {
        List<Count> counts = PredictedCells.open(run.spark(), run.given()).counts();
        List<Count> drawn = counts.subList(0, Math.min(MOST_CELLS, counts.size()));
        Map<String, List<Row>> samples = samples(drawn);
        Map<String, LatLng> truth = scored.isPresent()
                ? scored.get()
                        .ofPhotos(samples.values().stream()
                                .flatMap(rows -> rows.stream().map(row -> row.<String>getAs("uri")))
                                .toList())
                : Map.of();
        List<CellOfPhotos> cells = new ArrayList<>();
        for (Count count : drawn) {
            String token = count.id().toToken();
            List<Integer> examples = samples.getOrDefault(token, List.of()).stream()
                    .map(row -> gathered.add(row, prediction(row, truth.get(row.<String>getAs("uri")))))
                    .toList();
            cells.add(new CellOfPhotos(
                    token,
                    count.id().level(),
                    Outline.of(count.id()),
                    count.photos(),
                    rounded(count.meanConfidence()),
                    examples));
        }
        List<Count> others = counts.subList(drawn.size(), counts.size());
        return new Places(
                counts.stream().mapToLong(Count::photos).sum(),
                cells,
                others.size(),
                others.stream().mapToLong(Count::photos).sum(),
                Histograms.ofScores(run.rows(), col("confidence")),
                partition(),
                scored.map(ScoredPlaces::accuracy).orElse(null));
    }

    private Map<String, List<Row>> samples(List<Count> cells) {
        return SampledRows.of(
                run.rows(),
                col("cell"),
                cells.stream()
                        .limit(CELLS_WITH_EXAMPLES)
                        .map(count -> count.id().toToken())
                        .toList(),
                EXAMPLES_PER_CELL,
                col("id"),
                col("width"),
                col("height"),
                col("latitude"),
                col("longitude"),
                col("confidence"),
                run.has("radius_km") ? col("radius_km") : noRadius(),
                slice(col("cells"), 1, MOST_CANDIDATES).as("cells"));
    }

    private static Column noRadius() {
        return lit(null).cast("float").as("radius_km");
    }

    private static Prediction prediction(Row row, @Nullable LatLng truth) {
        Float radius = row.getAs("radius_km");
        Double latitude = row.getAs("latitude");
        Double longitude = row.getAs("longitude");
        List<Row> cells = row.getList(row.fieldIndex("cells"));
        return new Prediction(
                latitude,
                longitude,
                radius == null ? null : rounded(radius),
                rounded(row.<Float>getAs("confidence")),
                truth == null ? null : truth.latitude(),
                truth == null ? null : truth.longitude(),
                truth == null || latitude == null || longitude == null
                        ? null
                        : rounded(truth.distanceKm(new LatLng(latitude, longitude))),
                cells.stream()
                        .map(cell -> new Candidate(
                                cell.getAs("token"),
                                Outline.of(S2CellId.fromToken(cell.getAs("token"))),
                                rounded(cell.<Float>getAs("probability"))))
                        .toList());
    }

    /** Returns the finest cells of the package, if it is still at its location. */
    private @Nullable List<List<Integer>> partition() {
        Optional<GeolocationModel> model = model(run);
        if (model.isEmpty()) {
            gathered.note("The partition is not drawn: the model package of the run is no longer at "
                    + run.record().model().location() + ", or is another one now.");
            return null;
        }
        List<List<Integer>> outlines = model.get().hierarchy().finest().cells().stream()
                .map(cell -> Outline.of(cell.id()))
                .toList();
        if (outlines.size() > MOST_OF_PARTITION) {
            gathered.note(String.format(
                    Locale.ROOT,
                    "The partition is not drawn: it has %,d cells, and a page draws %,d at most; see jobs/map.sh --cells.",
                    outlines.size(),
                    MOST_OF_PARTITION));
            return null;
        }
        return outlines;
    }

    static Optional<GeolocationModel> model(ReportedRun run) {
        try {
            ModelPackage files = ModelPackage.open(
                    run.record().model().location(), run.spark().sessionState().newHadoopConf());
            return files.digest().equals(run.record().model().sha256())
                    ? Optional.of(new GeolocationModel(files))
                    : Optional.empty();
        } catch (ModelPackageException e) {
            return Optional.empty();
        }
    }

    static double rounded(double value) {
        return Math.rint(value * 1e4) / 1e4;
    }
}
