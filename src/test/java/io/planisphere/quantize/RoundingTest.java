package io.planisphere.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundingTest {

    /** Correlated inputs: the next weight can compensate for the rounding error of the previous one. */
    @Test
    void sequentialRoundingGivesCloserSumsThanIndependentRounding() {
        int inputs = 16;
        Random random = new Random(3);
        double[][] samples = new double[500][inputs];
        Covariance covariance = new Covariance(inputs, 1);
        for (int s = 0; s < samples.length; s++) {
            double common = random.nextGaussian();
            float[] sample = new float[inputs];
            for (int i = 0; i < inputs; i++) {
                samples[s][i] = common + 0.3 * random.nextGaussian();
                sample[i] = (float) samples[s][i];
            }
            covariance.add(sample, s);
        }
        double[] ones = new double[inputs];
        Arrays.fill(ones, 1);
        Rounding inTurn = Rounding.by(Positive.damped(covariance.matrix(0, ones), 0.01));
        double nearest = 0;
        double compensated = 0;
        for (int trial = 0; trial < 20; trial++) {
            double[] weights = random.doubles(inputs, -1, 1).toArray();
            nearest += error(Rounding.nearest(inputs), weights, samples);
            compensated += error(inTurn, weights, samples);
        }
        assertThat(compensated).isLessThan(nearest / 2);
    }

    private static double error(Rounding rounding, double[] weights, double[][] samples) {
        Rounding.Rounded rounded = rounding.round(weights, 0, 127);
        double[] lost = rounded.lost();
        double squares = 0;
        for (double[] sample : samples) {
            double sum = 0;
            for (int i = 0; i < lost.length; i++) {
                assertThat(weights[i] - rounded.scale() * rounded.integers()[i]).isEqualTo(lost[i]);
                sum += lost[i] * sample[i];
            }
            squares += sum * sum;
        }
        return squares;
    }
}
