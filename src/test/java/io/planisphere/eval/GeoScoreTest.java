package io.planisphere.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.eval.GeoScore.Within;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeoScoreTest {
    private static final double NO_PREDICTION = Double.POSITIVE_INFINITY;

    @Test
    void sharesCountErrorsUpToAndIncludingTheRadius() {
        GeoScore score = score(new double[] {2500, 0, 1, 1.001, 25, 200.5, 750, 9000, NO_PREDICTION, 24});

        assertThat(score.n()).isEqualTo(10);
        assertThat(score.within()).extracting(Within::radiusKm).containsExactly(1, 25, 200, 750, 2500);
        assertThat(score.within()).extracting(each -> each.share().value()).containsExactly(0.2, 0.5, 0.5, 0.7, 0.8);
    }

    @Test
    void medianIsTheMiddleErrorOrHalfwayBetweenTheMiddleTwo() {
        assertThat(score(new double[] {7, 1, 3}).medianKm().value()).isEqualTo(3);
        assertThat(score(new double[] {7, 1, 3, 4}).medianKm().value()).isEqualTo(3.5);
        assertThat(score(new double[] {7}).medianKm()).isEqualTo(new Estimate(7, 7, 7));
    }

    @Test
    void photosWithoutPredictionHaveAnInfiniteError() {
        GeoScore score = score(new double[] {1, NO_PREDICTION, NO_PREDICTION});

        assertThat(score.medianKm().value()).isInfinite();
        assertThat(score.within().get(4).share().value()).isCloseTo(1.0 / 3, within(1e-12));
    }

    /** Golden values by median_intervals.py: the limit of the bootstrap distribution. */
    @Test
    void intervalsAgreeWithTheBootstrapDistribution() {
        double[] shareOfIm2gps =
                IntStream.range(0, 237).mapToDouble(i -> i < 75 ? 10 : 5000).toArray();
        double[] oneToN = IntStream.rangeClosed(1, 237).asDoubleStream().toArray();

        Estimate share = score(shareOfIm2gps).within().get(1).share();
        Estimate median = score(oneToN).medianKm();

        double twoPhotos = 2.0 / 237;
        assertThat(share.value()).isCloseTo(75 / 237.0, within(1e-12));
        assertThat(share.low()).isCloseTo(0.2573839662, within(twoPhotos));
        assertThat(share.high()).isCloseTo(0.3755274262, within(twoPhotos));
        assertThat(median.value()).isEqualTo(119);
        assertThat(median.low()).isCloseTo(104, within(2.0));
        assertThat(median.high()).isCloseTo(134, within(2.0));
    }

    @Test
    void orderOfPhotosDoesNotMatter() {
        double[] errors = {5, 3000, 17, 2, NO_PREDICTION, 17, 800, 1};
        int[] users = {0, 0, 0, 1, 1, 2, 3, 3};
        double[] before = errors.clone();

        GeoScore other = GeoScore.of(
                new double[] {17, 800, 3000, 1, 17, 5, NO_PREDICTION, 2}, new int[] {2, 3, 0, 3, 0, 0, 1, 1});

        assertThat(other).isEqualTo(GeoScore.of(errors, users));
        assertThat(errors).isEqualTo(before);
    }

    @Test
    void theMeanIsOverAllPhotosAndInfiniteIfAPredictionIsMissing() {
        assertThat(score(new double[] {1, 2, 6}).meanKm().value()).isEqualTo(3);
        assertThat(score(new double[] {1, 2, NO_PREDICTION}).meanKm().value()).isInfinite();
        assertThat(GeoScore.of(new double[] {4, 4, 4, 8}, new int[] {0, 0, 0, 1})
                        .meanKm())
                .isEqualTo(new Estimate(5, 4, 8)); // half of the resamples contain only one of the two users
    }

    @Test
    void scoringRequiresAtLeastOnePhoto() {
        assertThatThrownBy(() -> score(new double[0])).hasMessageContaining("at least one photo");
    }

    private static GeoScore score(double[] errorsKm) {
        return GeoScore.of(errorsKm, IntStream.range(0, errorsKm.length).toArray());
    }
}
