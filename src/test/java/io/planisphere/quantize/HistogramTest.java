package io.planisphere.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {

    @Test
    void mergedHistogramsEqualTheHistogramOfAllValues() {
        float[] small = normal(10_000, 0.01);
        float[] large = normal(10_000, 30);
        Histogram all = filled(small);
        all.add(large, 0, large.length);

        Histogram sum = filled(large);
        sum.add(filled(small));

        assertThat(sum.whole()).isEqualTo(all.whole());
        assertThat(sum.within(0.9)).isEqualTo(all.within(0.9));
        assertThat(sum.inside(sum.whole())).containsExactly(all.inside(all.whole()));
    }

    @Test
    void aPercentileExcludesItsShareOnBothSides() {
        Histogram histogram = new Histogram();
        for (int i = 0; i < 10_000; i++) {
            histogram.add(new float[] {i}, 0, 1);
        }
        Range range = histogram.within(0.99);
        assertThat(range.low()).isCloseTo(50, within(4.0));
        assertThat(range.high()).isCloseTo(9950, within(4.0));
    }

    @Test
    void entropyCutsAnOutlierOffAndMinmaxDoesNot() {
        float[] values = normal(100_000, 1);
        values[0] = 50;
        Histogram histogram = filled(values);

        assertThat(Method.MINMAX.range(histogram).high()).isEqualTo(50);
        assertThat(Method.PERCENTILE.range(histogram).high()).isBetween(3.0, 5.0);
        assertThat(Method.ENTROPY.range(histogram).high()).isLessThan(20);
    }

    @Test
    void aRangeIsDividedIntoStepsOfItsScaleFromTheZeroPoint() {
        Range range = new Range(-1, 3).withZero();
        assertThat(range.scale()).isCloseTo(4 / 255f, within(1e-6f));
        assertThat(range.zeroPoint()).isEqualTo(64);
        assertThat(new Range(2, 6).withZero()).isEqualTo(new Range(0, 6));
        assertThat(new Range(0, 0).withZero().scale()).isPositive();
    }

    private static Histogram filled(float[] values) {
        Histogram histogram = new Histogram();
        histogram.add(values, 0, values.length);
        return histogram;
    }

    private static float[] normal(int count, double deviation) {
        Random random = new Random(1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }
}
