package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.Cell;
import io.planisphere.geo.Hierarchy;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.geo.PredictionCells;
import io.planisphere.infer.Inferred;
import io.planisphere.model.Activation;
import io.planisphere.model.Decoding;
import io.planisphere.vision.Geolocator.Candidate;
import io.planisphere.vision.Geolocator.Guess;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeolocatorTest {
    private static final LatLng NEW_YORK = new LatLng(40.7128, -74.0060);
    private static final LatLng BOSTON = new LatLng(42.3601, -71.0589);
    private static final LatLng PARIS = new LatLng(48.8566, 2.3522);
    private static final LatLng TOKYO = new LatLng(35.6762, 139.6503);

    private final Partition partition = partition(NEW_YORK, BOSTON, PARIS, TOKYO);

    @Test
    void theSoftmaxOfTheScoresOrdersTheCells() {
        Guess guess = geolocator(Activation.SOFTMAX, 3).locate(scores(new float[] {0, 1, 3, 2}));

        assertThat(guess.cells().stream().map(candidate -> candidate.cell().label()))
                .containsExactly(2, 3, 1);
        // e^3 / (1 + e + e^2 + e^3)
        assertThat(guess.best().probability()).isCloseTo(0.6439f, within(1e-4f));
        assertThat(guess.best().cell().mean()).isEqualTo(PARIS);
    }

    @Test
    void extremeScoresDoNotOverflowOrUnderflow() {
        Guess guess = geolocator(Activation.SOFTMAX, 4).locate(scores(new float[] {-900, 900, 0, 0}));

        assertThat(guess.best().probability()).isEqualTo(1f);
        assertThat(guess.cells()).extracting(Candidate::probability).allMatch(p -> p >= 0);
    }

    @Test
    void probabilitiesOfTheGraphAreUsedUnchanged() {
        Guess guess = geolocator(Activation.NONE, 1).locate(scores(new float[] {0.1f, 0.2f, 0.3f, 0.4f}));

        assertThat(guess.best().probability()).isEqualTo(0.4f);
        assertThat(guess.best().cell().mean()).isEqualTo(TOKYO);
    }

    @Test
    void theRadiusReachesTheCellThatCompletesHalfTheProbability() {
        Guess guess = geolocator(Activation.NONE, 1).locate(scores(new float[] {0.4f, 0.05f, 0.3f, 0.25f}));

        // 0.4 in New York and 0.05 in Boston are less than half; Paris, 5837 km away, completes it
        assertThat(guess.radiusKm()).isCloseTo(NEW_YORK.distanceKm(PARIS), within(5.0));
    }

    @Test
    void aCellWithHalfTheProbabilityHasARadiusByItsArea() {
        Guess guess = geolocator(Activation.NONE, 1).locate(scores(new float[] {0.7f, 0.1f, 0.1f, 0.1f}));

        // S2 cells of level 8 have 1297 km² on average: sqrt(1297 / 2π) = 14.4 km
        assertThat(guess.radiusKm()).isCloseTo(14.4, within(0.1));
    }

    @Test
    void ninetyPercentReachFurtherThanHalf() {
        Guess guess = geolocator(Activation.NONE, 1).locate(scores(new float[] {0.55f, 0.2f, 0.2f, 0.05f}));

        // over half is in the best cell, sqrt(1297 / 2π); Boston makes it 0.75, and Paris completes 0.9
        assertThat(guess.radiusKm()).isCloseTo(14.4, within(0.1));
        assertThat(guess.radius90Km()).isCloseTo(NEW_YORK.distanceKm(PARIS), within(5.0));
    }

    @Test
    void theMeanOfNearCellsIsWeightedByProbability() {
        Guess guess = geolocator(new Decoding(400, 1, 1)).locate(scores(new float[] {0.6f, 0.3f, 0.1f, 0}));

        // Boston is 306 km from New York: the mean is a third of the way along the great circle; Paris is too far
        assertThat(guess.place().distanceKm(NEW_YORK)).isCloseTo(NEW_YORK.distanceKm(BOSTON) / 3, within(0.1));
        assertThat(guess.place().distanceKm(BOSTON)).isCloseTo(NEW_YORK.distanceKm(BOSTON) * 2 / 3, within(0.1));
        assertThat(guess.best().cell().mean()).isEqualTo(NEW_YORK);
        assertThat(geolocator(new Decoding(300, 1, 1))
                        .locate(scores(new float[] {0.6f, 0.3f, 0.1f, 0}))
                        .place()
                        .distanceKm(NEW_YORK))
                .isCloseTo(0, within(1e-6));
    }

    @Test
    void factorsScaleTheRadiiUpToHalfTheEarth() {
        Guess guess = geolocator(new Decoding(0, 0.5, 10)).locate(scores(new float[] {0.4f, 0.05f, 0.3f, 0.25f}));

        assertThat(guess.radiusKm()).isCloseTo(NEW_YORK.distanceKm(PARIS) / 2, within(5.0));
        assertThat(guess.radius90Km()).isEqualTo(Math.PI * 6371);
    }

    @Test
    void scoresForAnotherNumberOfCellsAreRejected() {
        Geolocator geolocator = geolocator(Activation.SOFTMAX, 1);

        assertThatThrownBy(() -> geolocator.locate(scores(new float[3])))
                .hasMessageContaining("The network gave 3 scores for 4 classes");
    }

    @Test
    void cropsAreAveragedAsProbabilities() {
        Geolocator geolocator = geolocator(Activation.SOFTMAX, 4);
        float log3 = (float) Math.log(3);

        Guess guess = geolocator.locate(
                List.of(outputs(new float[] {log3, 0, 0, 0}), outputs(new float[] {0, log3, log3, log3})));

        // 3/6, 1/6, 1/6, 1/6 and 1/10, 3/10, 3/10, 3/10
        assertThat(guess.best().cell().mean()).isEqualTo(NEW_YORK);
        assertThat(guess.best().probability()).isCloseTo(0.3f, within(1e-6f));
        assertThat(guess.cells().get(1).probability()).isCloseTo(0.23333f, within(1e-5f));
    }

    @Test
    void temperatureTwoHalvesTheScores() {
        Hierarchy flat = new Hierarchy(List.of(partition));
        Geolocator geolocator = new Geolocator(
                new CellProbabilities(flat, List.of(Activation.SOFTMAX), 2),
                PredictionCells.full(partition),
                1,
                Decoding.NONE);

        // equals e^3 / (1 + e + e^2 + e^3)
        assertThat(geolocator.locate(scores(new float[] {0, 2, 6, 4})).best().probability())
                .isCloseTo(0.6439f, within(1e-4f));
    }

    @Test
    void fineCellProbabilitiesAreMultipliedByThoseOfAncestors() {
        S2CellId east = PARIS.leaf().parent(4);
        S2CellId west = NEW_YORK.leaf().parent(4);
        // the mean place of the third cell is in the other hemisphere: an ancestor by mean place would be wrong
        Partition fine = new Partition(List.of(
                new Cell(0, west.child(0), 10, NEW_YORK),
                new Cell(1, west.child(3).child(1), 10, BOSTON),
                new Cell(2, east.child(0), 10, NEW_YORK),
                new Cell(3, east.child(2), 10, PARIS)));
        Partition coarse = new Partition(List.of(new Cell(0, east, 20, PARIS), new Cell(1, west, 20, NEW_YORK)));
        CellProbabilities probabilities = new CellProbabilities(
                new Hierarchy(List.of(coarse, fine)), List.of(Activation.NONE, Activation.NONE), 1);

        float[] cells =
                probabilities.of(List.of(new Inferred.Outputs(new float[][] {{0.8f, 0.2f}, {0.4f, 0.3f, 0.2f, 0.1f}})));

        // 0.2·0.4, 0.2·0.3, 0.8·0.2, 0.8·0.1, divided by their sum 0.38
        assertThat(cells)
                .containsExactly(
                        new float[] {0.08f / 0.38f, 0.06f / 0.38f, 0.16f / 0.38f, 0.08f / 0.38f}, within(1e-6f));
    }

    @Test
    void theFinestHeadDecidesIfHeadsExcludeEachOther() {
        Partition coarse = new Partition(List.of(
                new Cell(0, NEW_YORK.leaf().parent(2), 20, NEW_YORK),
                new Cell(1, PARIS.leaf().parent(2), 20, PARIS)));
        Partition fine = partition(NEW_YORK, PARIS);
        CellProbabilities probabilities = new CellProbabilities(
                new Hierarchy(List.of(coarse, fine)), List.of(Activation.NONE, Activation.NONE), 1);

        assertThat(probabilities.of(List.of(new Inferred.Outputs(new float[][] {{1, 0}, {0, 1}}))))
                .containsExactly(0, 1);
    }

    @Test
    void aPredictionAtTheFinestLevelSumsCellsAndIsTheCellCentre() {
        S2CellId region = NEW_YORK.leaf().parent(5);
        Partition fine = new Partition(List.of(
                new Cell(0, region.child(0).child(2), 30, NEW_YORK),
                new Cell(1, region.child(3), 10, BOSTON),
                new Cell(2, PARIS.leaf().parent(3), 10, PARIS)));
        Geolocator geolocator = new Geolocator(
                new CellProbabilities(new Hierarchy(List.of(fine)), List.of(Activation.NONE), 1),
                PredictionCells.noFinerThan(5, fine),
                5,
                Decoding.NONE);

        Guess guess = geolocator.locate(scores(new float[] {0.3f, 0.25f, 0.45f}));

        assertThat(guess.cells()).hasSize(2);
        assertThat(guess.best().cell().id()).isEqualTo(region);
        assertThat(guess.best().probability()).isCloseTo(0.55f, within(1e-6f));
        assertThat(guess.best().cell().photos()).isEqualTo(40);
        assertThat(guess.best()
                        .cell()
                        .mean()
                        .distanceKm(new LatLng(
                                region.toLatLng().latDegrees(),
                                region.toLatLng().lngDegrees())))
                .isZero();
        Cell paris = guess.cells().get(1).cell();
        assertThat(paris.id().level()).isEqualTo(3);
        assertThat(paris.mean()).isNotEqualTo(PARIS);
    }

    private Geolocator geolocator(Decoding decoding) {
        return new Geolocator(
                new CellProbabilities(new Hierarchy(List.of(partition)), List.of(Activation.NONE), 1),
                PredictionCells.full(partition),
                1,
                decoding);
    }

    private Geolocator geolocator(Activation activation, int topK) {
        return new Geolocator(
                new CellProbabilities(new Hierarchy(List.of(partition)), List.of(activation), 1),
                PredictionCells.full(partition),
                topK,
                Decoding.NONE);
    }

    private static List<Inferred.Outputs> scores(float[] ofTheOnlyHead) {
        return List.of(outputs(ofTheOnlyHead));
    }

    private static Inferred.Outputs outputs(float[] ofTheOnlyHead) {
        return new Inferred.Outputs(new float[][] {ofTheOnlyHead});
    }

    private static Partition partition(LatLng... places) {
        return new Partition(IntStream.range(0, places.length)
                .mapToObj(label -> new Cell(label, cell(places[label]), 100, places[label]))
                .toList());
    }

    private static S2CellId cell(LatLng place) {
        return place.leaf().parent(8);
    }
}
