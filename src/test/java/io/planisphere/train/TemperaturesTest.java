package io.planisphere.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TemperaturesTest {

    @Test
    void theTemperatureRecoversTheScaleFactorOfLogits() {
        Random random = new Random(1);
        double factor = 3.7;
        int photos = 40_000;
        float[][] scores = new float[photos][4];
        int[] truth = new int[photos];
        for (int i = 0; i < photos; i++) {
            double sum = 0;
            double[] likelihoods = new double[4];
            for (int k = 0; k < 4; k++) {
                double logit = 2 * random.nextGaussian();
                scores[i][k] = (float) (factor * logit);
                likelihoods[k] = Math.exp(logit);
                sum += likelihoods[k];
            }
            // drawn from the softmax of the unscaled logits, so the factor is the true temperature
            double left = random.nextDouble() * sum;
            while (left > likelihoods[truth[i]] && truth[i] < 3) {
                left -= likelihoods[truth[i]++];
            }
        }

        Temperatures coarse = Temperatures.coarse();
        Temperatures fine = coarse.around(sums(coarse, scores, truth));

        assertThat(fine.at(sums(fine, scores, truth))).isCloseTo(factor, within(0.03 * factor));
    }

    @Test
    void theLikelihoodOfHugeScoresIsFinite() {
        double[] sums = new double[2];

        new Temperatures(List.of(0.5, 1.0)).addNegativeLogLikelihoods(new float[] {30_000, 29_999, -30_000}, 1, sums);

        assertThat(sums[0]).isCloseTo(Math.log(1 + Math.exp(-2)) + 2, within(1e-9));
        assertThat(sums[1]).isCloseTo(Math.log(1 + Math.exp(-1)) + 1, within(1e-9));
    }

    private static double[] sums(Temperatures temperatures, float[][] scores, int[] truth) {
        double[] sums = new double[temperatures.values().size()];
        for (int i = 0; i < scores.length; i++) {
            temperatures.addNegativeLogLikelihoods(scores[i], truth[i], sums);
        }
        return sums;
    }
}
