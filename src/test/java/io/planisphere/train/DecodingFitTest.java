package io.planisphere.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.model.Decoding;
import io.planisphere.train.DecodingFit.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DecodingFitTest {
    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void factorsAreTheConformalQuantilesOfErrorByRadius() {
        List<Trial> trials = new ArrayList<>();
        for (int i = 1; i <= 29; i++) {
            trials.add(trial(i, 10 * i, 20)); // ratios 0.5 to 14.5
        }

        DecodingFit fit = DecodingFit.of(trials);

        // ranks ⌈30 · 0.5⌉ = 15 and ⌈30 · 0.9⌉ = 27
        assertThat(fit.decoding()).isEqualTo(new Decoding(0, 7.5, 13.5));
        assertThat(fit.users()).isEqualTo(29);
        assertThat(fit.medianKm()).isEqualTo(150);
    }

    @Test
    void radiiHoldTheirShareOfNewUsersPhotos() {
        Decoding fitted = DecodingFit.of(photos(1000)).decoding();

        List<Trial> others = photos(3000);

        assertThat(share(others, fitted.radiusScale())).isCloseTo(0.5, within(0.03));
        assertThat(share(others, fitted.radius90Scale())).isCloseTo(0.9, within(0.03));
    }

    @Test
    void aMeanThatHalvesErrorsIsTakenAndNoiseIsNot() {
        List<Trial> helped = new ArrayList<>();
        List<Trial> noise = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            double error = 100 * random.nextDouble();
            helped.add(trial(i / 2, error, 50, 3, error / 2));
            noise.add(trial(i / 2, error, 50, 3, 100 * random.nextDouble()));
        }

        assertThat(DecodingFit.of(helped).decoding().meanWithinKm()).isEqualTo(DecodingFit.WITHIN_KM.get(3));
        assertThat(DecodingFit.of(noise).decoding().meanWithinKm()).isZero();
    }

    @Test
    void theGainOfOneUserIsNoEvidence() {
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            double error = 10 + 100 * random.nextDouble();
            trials.add(trial(i < 500 ? 0 : i, error, 50, 3, i < 500 ? error / 10 : error * 1.1));
        }

        assertThat(DecodingFit.of(trials).decoding().meanWithinKm()).isZero();
    }

    @Test
    void tooFewUsersGiveNoFit() {
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            trials.add(trial(i % 19, i, 50));
        }

        assertThat(DecodingFit.of(trials).decoding()).isEqualTo(Decoding.NONE);
        assertThat(DecodingFit.of(List.of()).decoding()).isEqualTo(Decoding.NONE);
    }

    /** Returns photos whose errors are exponential with a mean of twice the radius. */
    private List<Trial> photos(int users) {
        List<Trial> trials = new ArrayList<>();
        for (int i = 0; i < users; i++) {
            double radius = 1 + 99 * random.nextDouble();
            trials.add(trial(i, -2 * radius * Math.log(random.nextDouble()), radius));
        }
        return trials;
    }

    private static double share(List<Trial> trials, double factor) {
        return trials.stream()
                        .filter(trial -> trial.errorsKm()[0] <= factor * trial.radiiKm()[0])
                        .count()
                / (double) trials.size();
    }

    private static Trial trial(long user, double error, double radius) {
        return trial(user, error, radius, 0, error);
    }

    /** Returns a trial whose error is another one under one candidate. */
    private static Trial trial(long user, double error, double radius, int candidate, double other) {
        float[] errors = new float[DecodingFit.WITHIN_KM.size()];
        Arrays.fill(errors, (float) error);
        errors[candidate] = (float) other;
        float[] radii = new float[errors.length];
        Arrays.fill(radii, (float) radius);
        return new Trial(user, errors, radii, radii);
    }
}
