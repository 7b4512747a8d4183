package io.planisphere.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.geo.LatLng;
import org.junit.jupiter.api.Test;

class ConsensusTest {
    // three neighbours around 45° N, about 1.1 km and 2.2 km north of the first, and one on another continent
    private final Found found = new Found(
            new float[] {0.9f, 0.8f, 0.7f, 0.6f},
            new float[] {45, 45.01f, 45.02f, -30},
            new float[] {7, 7, 7, 20},
            new int[] {4, 2, 9, 1});

    @Test
    void thePlaceIsTheMeanOfThoseThatAgree() {
        LatLng place = new Consensus(4, 5, 0).place(found).orElseThrow();

        assertThat(place.latitude()).isCloseTo(45.01, within(1e-4));
        assertThat(place.longitude()).isCloseTo(7, within(1e-4));
        assertThat(new Consensus(1, 5, 0).place(found).orElseThrow().latitude()).isCloseTo(45, within(1e-4));
    }

    @Test
    void halfOfThemIsNotEnough() {
        // of four, the first and the second agree within 1.5 km
        assertThat(new Consensus(4, 1.5, 0).place(found)).isEmpty();
        assertThat(new Consensus(3, 1.5, 0).place(found)).isPresent();
    }

    @Test
    void aNearestNeighbourThatIsFarDecidesNothing() {
        assertThat(new Consensus(1, 5, 0.89).place(found)).isPresent();
        assertThat(new Consensus(1, 5, 0.91).place(found)).isEmpty();
        assertThat(new Consensus(1, 5, -1).place(new Found(new float[0], new float[0], new float[0], new int[0])))
                .isEmpty();
    }
}
