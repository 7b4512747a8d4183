package io.planisphere.spark.report;

import static org.apache.spark.sql.functions.col;

import io.planisphere.eval.PlaceEvaluation;
import io.planisphere.eval.PlacedPhotos;
import io.planisphere.geo.LatLng;
import io.planisphere.report.ReportData.Accuracy;
import io.planisphere.report.ReportPage;
import io.planisphere.spark.evaluate.PlaceMatch;
import io.planisphere.spark.evaluate.PlaceTruth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The places of a run, compared with the true places.
 *
 * @param accuracy accuracy over all photos that have both
 */
record ScoredPlaces(ReportedRun run, PlaceTruth truth, Accuracy accuracy) {
    private static final int MOST_POINTS = 1_500;

    /**
     * Joins the run's rows with the true places.
     *
     * @param location location of the true places, for readers
     * @throws IllegalArgumentException if they do not fit, or no photo has both
     */
    static ScoredPlaces of(ReportedRun run, PlaceTruth truth, String location) throws IOException {
        PlaceMatch match = PlaceMatch.of(
                run.spark(),
                new PlaceMatch.Request(
                        run.given(),
                        Optional.empty(),
                        truth,
                        List.of(),
                        PlaceFigures.model(run)
                                .map(model -> model.hierarchy().finest())
                                .filter(partition -> !partition.isOfPlaces()),
                        Optional.empty()));
        if (match.photos().count() == 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "No photo of %s has a true place in %s: %,d photos and %,d places do not meet; compare how the two name photos, and see --match",
                    run.given(),
                    location,
                    match.counts().withoutTruth(),
                    match.counts().withoutRow()));
        }
        return new ScoredPlaces(
                run,
                truth,
                new Accuracy(
                        Texts.shortened(location),
                        ReportPage.metrics(PlaceEvaluation.of(match.photos()), match.counts()),
                        points(match.photos())));
    }

    /** Returns confidence and error of every k-th photo that has both. */
    private static List<double[]> points(PlacedPhotos photos) {
        List<double[]> points = new ArrayList<>();
        int step = (photos.count() - 1) / MOST_POINTS + 1;
        for (int i = 0; i < photos.count(); i += step) {
            double error = photos.errorKm()[i];
            float confidence = photos.confidence()[i];
            if (Double.isFinite(error) && !Float.isNaN(confidence)) {
                points.add(new double[] {PlaceFigures.rounded(confidence), Math.rint(error * 10) / 10});
            }
        }
        return points;
    }

    /** Returns the true places of some photos of the run, by uri. */
    Map<String, LatLng> ofPhotos(List<String> uris) {
        Dataset<Row> photos = run.rows()
                .where(col("uri").isInCollection(uris))
                .select(col("uri"), truth.match().ofPrediction().as("key"));
        Map<String, LatLng> places = new HashMap<>();
        photos.join(truth.rows(), "key").select("uri", "latitude", "longitude").collectAsList().stream()
                .filter(row -> !row.isNullAt(1) && !row.isNullAt(2))
                .forEach(row -> LatLng.of(row.getDouble(1), row.getDouble(2))
                        .ifPresent(place -> places.put(row.getString(0), place)));
        return places;
    }
}
