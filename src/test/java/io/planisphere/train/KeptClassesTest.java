package io.planisphere.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeptClassesTest {

    @Test
    void sparseClassesAreDroppedAndTheOthersRenumbered() {
        KeptClasses kept = KeptClasses.of(new long[] {5, 0, 10, 4, 30}, 5);

        assertThat(kept.labels()).containsExactly(0, 2, 4);
        assertThat(kept.photos()).containsExactly(5L, 10L, 30L);
        assertThat(kept.droppedClasses()).isEqualTo(2);
        assertThat(kept.droppedPhotos()).isEqualTo(4);
        assertThat(kept.renumbering(5)).containsExactly(0, -1, 1, -1, 2);
    }

    @Test
    void balancedWeightsHaveTheSameSumPerClass() {
        KeptClasses kept = KeptClasses.of(new long[] {5, 10, 30}, 1);

        double[] weights = kept.balancedWeights();

        assertThat(new double[] {5 * weights[0], 10 * weights[1], 30 * weights[2]})
                .containsExactly(15, 15, 15);
    }
}
