package io.planisphere.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.eval.Breakdown.Group;
import io.planisphere.eval.PlacedPhotos.Grouping;
import io.planisphere.eval.Reliability.Bin;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlaceEvaluationTest {
    private static final double NO_PREDICTION = Double.POSITIVE_INFINITY;
    private static final double NO_ROW = Double.NaN;

    @Test
    void photosWithoutAPredictionAreWrongAndTheOthersAreAlsoScoredAlone() {
        PlaceEvaluation evaluation = PlaceEvaluation.of(photos(new double[] {0.5, 100, NO_PREDICTION, 3000}));

        assertThat(evaluation.all().within().get(4).share().value()).isEqualTo(0.5);
        assertThat(evaluation.sharePredicted().value()).isEqualTo(0.75);
        assertThat(evaluation.predicted().orElseThrow().n()).isEqualTo(3);
        assertThat(evaluation.predicted().orElseThrow().medianKm().value()).isEqualTo(100);
        assertThat(evaluation.predicted().orElseThrow().meanKm().value()).isCloseTo(3100.5 / 3, within(1e-9));
        assertThat(PlaceEvaluation.of(photos(new double[] {NO_PREDICTION})).predicted())
                .isEmpty();
    }

    @Test
    void groupsAreSortedBySizeAndSmallOnesHaveNoIntervals() {
        int[] user = IntStream.range(0, 60).map(i -> i < 40 ? i : 40).toArray();
        double[] errors =
                IntStream.range(0, 60).mapToDouble(i -> i < 40 ? 10 : 3000).toArray();
        int[] group =
                IntStream.range(0, 60).map(i -> i < 25 ? 2 : i < 40 ? 1 : 0).toArray();
        Grouping scenes = new Grouping("scene", List.of("one user's", "few", "many", "none"), group);

        float[] radius = new float[60];
        Arrays.fill(radius, 0, 25, 10);
        float[] radius90 = new float[60];
        Arrays.fill(radius90, 0, 55, 2999);
        Breakdown scene = Breakdown.of(
                new PlacedPhotos(
                        user,
                        errors,
                        new float[60],
                        radius,
                        radius90,
                        new byte[60],
                        Optional.empty(),
                        Optional.empty(),
                        List.of(scenes)),
                scenes);

        assertThat(scene.groups()).extracting(Group::name).containsExactly("many", "one user's", "few");
        assertThat(scene.groups()).extracting(each -> each.score().n()).containsExactly(25, 20, 15);
        assertThat(scene.groups()).extracting(each -> each.score().users()).containsExactly(25, 1, 15);
        assertThat(scene.groups())
                .extracting(each -> each.score().medianKm().hasInterval())
                .containsExactly(true, false, false);
        assertThat(scene.groups().get(1).score().medianKm().value()).isEqualTo(3000);
        assertThat(scene.groups())
                .extracting(each -> each.coverage().radius().orElseThrow().value())
                .containsExactly(1.0, 0.0, 0.0);
        assertThat(scene.groups())
                .extracting(each -> each.coverage().radius90().orElseThrow().value())
                .containsExactly(1.0, 0.0, 1.0);
    }

    @Test
    void aConsistentlyBetterRunIsFoundDespiteVariationOfPhotos() {
        SplittableRandom random = new SplittableRandom(3);
        double[] here = random.doubles(400).map(u -> Math.pow(10, 5 * u)).toArray();
        double[] there =
                Arrays.stream(here).map(km -> km * (1 + random.nextDouble())).toArray();
        int[] users = IntStream.range(0, 400).map(i -> i / 4).toArray();

        Comparison comparison = Comparison.of(here, there, users);

        Estimate difference = comparison.difference().within().get(2).share();
        assertThat(difference.value())
                .isCloseTo(
                        comparison.first().within().get(2).share().value()
                                - comparison.second().within().get(2).share().value(),
                        within(1e-12));
        assertThat(difference.low()).isPositive();
        assertThat(comparison.difference().medianKm().high()).isNegative();
        assertThat(comparison.first().within().get(2).share().low())
                .as("apart, the two could not be told from each other")
                .isLessThan(comparison.second().within().get(2).share().high());
    }

    @Test
    void aRunIsNotBetterThanItself() {
        double[] errors = new SplittableRandom(5).doubles(100, 0, 5000).toArray();

        GeoScore difference =
                Comparison.of(errors, errors, IntStream.range(0, 100).toArray()).difference();

        assertThat(difference.medianKm()).isEqualTo(new Estimate(0, 0, 0));
        assertThat(difference.within()).extracting(GeoScore.Within::share).containsOnly(new Estimate(0, 0, 0));
    }

    @Test
    void onlyPhotosWithRowsInBothRunsAreCompared() {
        PlacedPhotos photos =
                photos(new double[] {1, 10, NO_PREDICTION, 100}, new double[] {NO_ROW, 20, 30, NO_PREDICTION});

        Comparison comparison = PlaceEvaluation.of(photos).comparison().orElseThrow();

        assertThat(comparison.first().n()).isEqualTo(3);
        assertThat(comparison.first().within().get(1).share().value()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(comparison.second().within().get(2).share().value()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(comparison.difference().within().get(2).share().value()).isCloseTo(0, within(1e-12));
        assertThat(comparison.difference().within().get(1).share().value()).isCloseTo(0, within(1e-12));
    }

    @Test
    void confidenceGroupsHaveEqualSizesAndTiesStayTogether() {
        float[] confidence = new float[105];
        double[] errors = new double[105];
        for (int i = 0; i < 100; i++) {
            confidence[(i * 37) % 100] = i / 100f;
            errors[(i * 37) % 100] = 1000 - 10 * i;
        }
        Arrays.fill(confidence, 100, 105, 0.5f);
        Arrays.fill(errors, 100, 105, NO_PREDICTION);

        List<Confidence.Group> groups = Confidence.groups(photos(errors, confidence));

        assertThat(groups)
                .hasSize(10)
                .allSatisfy(group -> assertThat(group.score().n()).isEqualTo(10));
        assertThat(groups.get(0).mean()).isCloseTo(0.045, within(1e-6));
        assertThat(groups.get(0).score().medianKm().value()).isEqualTo(955);
        assertThat(groups.get(9).lowest()).isCloseTo(0.9, within(1e-6));
        assertThat(groups.get(9).score().medianKm().value()).isEqualTo(55);
        Arrays.fill(confidence, 0.25f);
        assertThat(Confidence.groups(photos(errors, confidence)))
                .singleElement()
                .satisfies(group -> assertThat(group.score().n()).isEqualTo(100));
    }

    @Test
    void reliabilityComparesConfidenceWithTheShareInTheCell() {
        PlacedPhotos photos = new PlacedPhotos(
                new int[] {0, 1, 2, 3, 4, 5},
                new double[] {1, 1, 1, 1, 1, NO_PREDICTION},
                new float[] {0.25f, 0.25f, 0.75f, 1, Float.NaN, 0.05f},
                new float[] {2, 1, 0.5f, Float.NaN, 0.1f, 100},
                new float[] {2, 1, 1.5f, Float.NaN, 0.1f, 100},
                new byte[] {0, 1, 1, 1, 1, -1},
                Optional.empty(),
                Optional.empty(),
                List.of());

        Reliability reliability = Reliability.of(photos).orElseThrow();

        assertThat(reliability.n()).isEqualTo(4);
        assertThat(reliability.bins()).extracting(Bin::low).containsExactly(0.2, 0.7, 0.9);
        assertThat(reliability.bins()).extracting(Bin::n).containsExactly(2, 1, 1);
        assertThat(reliability.bins()).extracting(Bin::meanConfidence).containsExactly(0.25, 0.75, 1.0);
        assertThat(reliability.bins()).extracting(each -> each.inCell().value()).containsExactly(0.5, 1.0, 1.0);
        // (2 · 0.25 + 1 · 0.25 + 0) / 4
        assertThat(reliability.calibrationError()).isCloseTo(0.1875, within(1e-12));
        RadiusCoverage coverage = RadiusCoverage.of(photos);
        assertThat(coverage.radius().orElseThrow().value()).isEqualTo(0.5);
        assertThat(coverage.radius90().orElseThrow().value()).isEqualTo(0.75);
    }

    @Test
    void onlyWrongConfidenceHasACalibrationError() {
        SplittableRandom random = new SplittableRandom(11);
        int n = 20_000;
        double[] errors = new double[n];
        float[] honest = new float[n];
        float[] boasting = new float[n];
        byte[] inCell = new byte[n];
        for (int i = 0; i < n; i++) {
            honest[i] = (float) (random.nextDouble() / 2);
            boasting[i] = 2 * honest[i];
            inCell[i] = (byte) (random.nextDouble() < honest[i] ? 1 : 0);
        }

        assertThat(Reliability.of(photos(errors, honest, inCell)).orElseThrow().calibrationError())
                .isLessThan(0.015);
        Reliability doubled = Reliability.of(photos(errors, boasting, inCell)).orElseThrow();
        assertThat(doubled.calibrationError()).isCloseTo(0.25, within(0.01));
        assertThat(doubled.bins())
                .hasSize(10)
                .allSatisfy(bin -> assertThat(bin.inCell().high())
                        .isGreaterThan(bin.inCell().low()));
    }

    private static PlacedPhotos photos(double[] errors, float[] confidence, byte[] inCell) {
        return new PlacedPhotos(
                IntStream.range(0, errors.length).toArray(),
                errors,
                confidence,
                new float[errors.length],
                new float[errors.length],
                inCell,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static PlacedPhotos photos(double[] errors, float[] confidence) {
        return photos(errors, confidence, new byte[errors.length]);
    }

    private static PlacedPhotos photos(double[] errors) {
        return photos(errors, new float[errors.length]);
    }

    private static PlacedPhotos photos(double[] errors, double[] others) {
        return new PlacedPhotos(
                IntStream.range(0, errors.length).toArray(),
                errors,
                new float[errors.length],
                new float[errors.length],
                new float[errors.length],
                new byte[errors.length],
                Optional.of(others),
                Optional.empty(),
                List.of());
    }
}
