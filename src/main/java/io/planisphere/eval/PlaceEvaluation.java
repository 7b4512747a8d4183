package io.planisphere.eval;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The complete evaluation of predicted places.
 *
 * @param all score of all photos; one without a prediction is wrong at every radius
 * @param sharePredicted share of them with a prediction, 0 to 1
 * @param predicted score of the photos with a prediction; empty if there are none
 * @param perfect score of the oracle (true cell) on all photos
 * @param breakdowns scores by the requested groups
 * @param byConfidence scores of photos with a prediction by confidence, least confident first
 * @param radiusCoverage shares of photos within the radii of their rows
 * @param comparison comparison with another run, over the photos with a row in both
 */
public record PlaceEvaluation(
        GeoScore all,
        Estimate sharePredicted,
        Optional<GeoScore> predicted,
        Optional<GeoScore> perfect,
        List<Breakdown> breakdowns,
        List<Confidence.Group> byConfidence,
        Optional<Reliability> reliability,
        RadiusCoverage radiusCoverage,
        Optional<Comparison> comparison) {
    public PlaceEvaluation {
        breakdowns = List.copyOf(breakdowns);
        byConfidence = List.copyOf(byConfidence);
    }

    /**
     * Computes all scores for which the photos have the columns.
     *
     * @throws IllegalArgumentException if there is no photo
     */
    public static PlaceEvaluation of(PlacedPhotos photos) {
        double[] errors = photos.errorKm();
        int[] users = photos.user();
        int[] predicted = where(photos, i -> Double.isFinite(errors[i]));
        int[] everything = where(photos, i -> true);
        return new PlaceEvaluation(
                GeoScore.of(errors, users),
                Share.of(everything, i -> Double.isFinite(errors[i]), users),
                predicted.length == 0
                        ? Optional.empty()
                        : Optional.of(GeoScore.of(Select.from(errors, predicted), Select.from(users, predicted))),
                photos.perfectErrorKm().map(perfect -> GeoScore.of(perfect, users)),
                photos.groupings().stream()
                        .map(each -> Breakdown.of(photos, each))
                        .toList(),
                Confidence.groups(photos),
                Reliability.of(photos),
                RadiusCoverage.of(photos),
                photos.otherErrorKm().flatMap(other -> comparison(photos, other)));
    }

    private static Optional<Comparison> comparison(PlacedPhotos photos, double[] other) {
        int[] both = where(photos, i -> !Double.isNaN(other[i]));
        return both.length == 0
                ? Optional.empty()
                : Optional.of(Comparison.of(
                        Select.from(photos.errorKm(), both),
                        Select.from(other, both),
                        Select.from(photos.user(), both)));
    }

    private static int[] where(PlacedPhotos photos, IntPredicate holds) {
        return IntStream.range(0, photos.count()).filter(holds).toArray();
    }
}
