package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.vision.AlbumSmoother.Photo;
import io.planisphere.vision.AlbumSmoother.Prediction;
import io.planisphere.vision.AlbumSmoother.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlbumSmootherTest {
    private static final LatLng PARIS = new LatLng(48.8566, 2.3522);
    private static final LatLng VERSAILLES = new LatLng(48.8049, 2.1204);
    private static final LatLng LAS_VEGAS = new LatLng(36.1699, -115.1398);
    private static final LatLng TOKYO = new LatLng(35.6762, 139.6503);
    private static final LatLng SYDNEY = new LatLng(-33.8688, 151.2093);
    private static final long MINUTE = 60;

    private final Partition partition = partition(new long[] {50, 20, 60, 70}, PARIS, VERSAILLES, LAS_VEGAS, TOKYO);
    private final AlbumSmoother smoother = new AlbumSmoother(partition);

    /** The Eiffel tower of Las Vegas, among photos that are clearly from Paris: PlaNet's own example. */
    @Test
    void anUncertainPhotoFollowsItsNeighbours() {
        List<Prediction> predictions = smoother.smooth(List.of(
                photo(0, 0.9, 0.02, 0.04, 0.03),
                photo(10 * MINUTE, 0.35, 0.05, 0.5, 0.05),
                photo(20 * MINUTE, 0.85, 0.05, 0.05, 0.03)));

        assertThat(predictions)
                .extracting(prediction -> prediction.cell().mean())
                .containsOnly(PARIS);
        assertThat(predictions.get(1).probability()).isGreaterThan(0.9);
    }

    @Test
    void aSinglePhotoKeepsItsProbabilities() {
        Prediction alone =
                smoother.smooth(List.of(photo(0, 0.25, 0.1, 0.55, 0.1))).get(0);

        assertThat(alone.cell().mean()).isEqualTo(LAS_VEGAS);
        assertThat(alone.probability()).isCloseTo(0.55, within(1e-6));
    }

    @Test
    void photosAYearApartAreIndependent() {
        long year = 365L * 24 * 60 * MINUTE;

        Prediction later = smoother.smooth(List.of(photo(0, 0.97, 0.01, 0.01, 0.01), photo(year, 0.25, 0.1, 0.55, 0.1)))
                .get(1);

        assertThat(later.cell().mean()).isEqualTo(LAS_VEGAS);
        assertThat(later.probability()).isCloseTo(0.55, within(0.01));
    }

    @Test
    void aJourneyOfConfidentPhotosIsKept() {
        List<Prediction> predictions = smoother.smooth(List.of(
                photo(0, 0.98, 0.01, 0, 0),
                photo(10 * MINUTE, 0.98, 0.01, 0, 0),
                photo(13 * 60 * MINUTE, 0, 0, 0, 0.999),
                photo(13 * 60 * MINUTE + 60, 0, 0, 0, 0.999)));

        assertThat(predictions)
                .extracting(prediction -> prediction.cell().mean())
                .containsExactly(PARIS, PARIS, TOKYO, TOKYO);
    }

    /** Compares with the sum over all 5^3 paths, by an independent implementation of the model's formulas. */
    @Test
    void forwardBackwardEqualsTheSumOverAllPaths() {
        LatLng[] places = {PARIS, VERSAILLES, LAS_VEGAS, TOKYO, SYDNEY};
        double[] prior = {51 / 300.0, 21 / 300.0, 61 / 300.0, 71 / 300.0, 96 / 300.0}; // the last one is elsewhere
        Partition five = partition(new long[] {50, 20, 60, 70, 95}, places);
        double[][] votes = {{0.4, 0.1, 0.3}, {0.2, 0.25, 0.35}, {0.1, 0.2, 0.1, 0.5}};
        long[] times = {0, 3 * 3600, 30 * 3600};

        double[][] sums = new double[3][5];
        for (int path = 0; path < 125; path++) {
            int[] states = {path / 25, path / 5 % 5, path % 5};
            double weight = prior[states[0]];
            for (int i = 0; i < 3; i++) {
                int named = votes[i].length;
                double rest = 1 - Arrays.stream(votes[i]).sum();
                double restOfPrior = 1 - Arrays.stream(prior, 0, named).sum();
                weight *= states[i] < named ? votes[i][states[i]] / prior[states[i]] : rest / restOfPrior;
            }
            for (int i = 1; i < 3; i++) {
                double hours = (times[i] - times[i - 1]) / 3600.0;
                double jump = Math.max(0.1, 1 - Math.exp(-hours / 720));
                double[] near = new double[5];
                for (int to = 0; to < 5; to++) {
                    boolean same = to == states[i - 1];
                    boolean unknown = to == 4 || states[i - 1] == 4;
                    double km = same || unknown ? 0 : places[to].distanceKm(places[states[i - 1]]);
                    near[to] = same || !unknown ? prior[to] * Math.exp(-km / (25 + 10 * hours)) : 0;
                }
                double kept = near[states[i]] / Arrays.stream(near).sum();
                weight *= (1 - jump) * kept + jump * prior[states[i]];
            }
            for (int i = 0; i < 3; i++) {
                sums[i][states[i]] += weight;
            }
        }

        List<Prediction> predictions = new AlbumSmoother(five)
                .smooth(IntStream.range(0, 3)
                        .mapToObj(i -> photo(five, times[i], votes[i]))
                        .toList());
        for (int i = 0; i < 3; i++) {
            double total = Arrays.stream(sums[i]).sum();
            assertThat(predictions.get(i).probability())
                    .isCloseTo(sums[i][predictions.get(i).cell().label()] / total, within(1e-6));
        }
    }

    @Test
    void theLongestAlbumDoesNotOverflowOrUnderflow() {
        List<Photo> photos = new ArrayList<>(Collections.nCopies(AlbumSmoother.MAX_PHOTOS, photo(0, 1, 0, 0, 0)));

        assertThat(smoother.smooth(photos)).allSatisfy(prediction -> {
            assertThat(prediction.cell().mean()).isEqualTo(PARIS);
            assertThat(prediction.probability()).isBetween(0.999, 1.0);
        });
        photos.add(photos.get(0));
        assertThatThrownBy(() -> smoother.smooth(photos)).hasMessageContaining("At most 64 photos");
    }

    @Test
    void cellsOfAnotherPartitionAreRejected() {
        Photo foreign = new Photo(0, List.of(new Vote("89c25", 0.5f)));

        assertThatThrownBy(() -> smoother.smooth(List.of(foreign)))
                .hasMessageContaining("Cell 89c25 is none of the partition's");
    }

    private Photo photo(long seconds, double... probabilities) {
        return photo(partition, seconds, probabilities);
    }

    private static Photo photo(Partition partition, long seconds, double... probabilities) {
        return new Photo(
                seconds,
                IntStream.range(0, probabilities.length)
                        .mapToObj(i -> new Vote(partition.cells().get(i).token(), (float) probabilities[i]))
                        .toList());
    }

    private static Partition partition(long[] photos, LatLng... places) {
        return new Partition(IntStream.range(0, places.length)
                .mapToObj(i -> new Cell(i, places[i].leaf().parent(10), photos[i], places[i]))
                .toList());
    }
}
