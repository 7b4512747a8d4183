package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import io.planisphere.model.Activation;
import io.planisphere.vision.Geolocator.Candidate;
import io.planisphere.vision.Geolocator.Guess;
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
        Guess guess = new Geolocator(partition, Activation.SOFTMAX, 3).locate(new float[] {0, 1, 3, 2});

        assertThat(guess.cells().stream().map(candidate -> candidate.cell().label()))
                .containsExactly(2, 3, 1);
        // e^3 / (1 + e + e^2 + e^3)
        assertThat(guess.best().probability()).isCloseTo(0.6439f, within(1e-4f));
        assertThat(guess.best().cell().mean()).isEqualTo(PARIS);
    }

    @Test
    void scoresThatAreFarApartNeitherOverflowNorVanish() {
        Guess guess = new Geolocator(partition, Activation.SOFTMAX, 4).locate(new float[] {-900, 900, 0, 0});

        assertThat(guess.best().probability()).isEqualTo(1f);
        assertThat(guess.cells()).extracting(Candidate::probability).allMatch(p -> p >= 0);
    }

    @Test
    void probabilitiesOfTheGraphAreTakenAsTheyAre() {
        Guess guess = new Geolocator(partition, Activation.NONE, 1).locate(new float[] {0.1f, 0.2f, 0.3f, 0.4f});

        assertThat(guess.best().probability()).isEqualTo(0.4f);
        assertThat(guess.best().cell().mean()).isEqualTo(TOKYO);
    }

    @Test
    void theRadiusReachesToTheCellThatCompletesHalfOfTheProbability() {
        Guess guess = new Geolocator(partition, Activation.NONE, 1).locate(new float[] {0.4f, 0.05f, 0.3f, 0.25f});

        // 0.4 in New York, 0.05 in Boston are not half; Paris, 5837 km off, completes it
        assertThat(guess.radiusKm()).isCloseTo(NEW_YORK.distanceKm(PARIS), within(5.0));
    }

    @Test
    void aCellThatHoldsHalfAloneHasARadiusWithinItself() {
        Guess guess = new Geolocator(partition, Activation.NONE, 1).locate(new float[] {0.7f, 0.1f, 0.1f, 0.1f});

        // S2 cells of level 8 have 1297 km² on average: sqrt(1297 / 2π) = 14.4 km
        assertThat(guess.radiusKm()).isCloseTo(14.4, within(0.1));
    }

    @Test
    void scoresForAnotherNumberOfCellsAreRefused() {
        Geolocator geolocator = new Geolocator(partition, Activation.SOFTMAX, 1);

        assertThatThrownBy(() -> geolocator.locate(new float[3]))
                .hasMessageContaining("The network gave 3 scores for 4 classes");
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
