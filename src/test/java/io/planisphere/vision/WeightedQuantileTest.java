package io.planisphere.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class WeightedQuantileTest {
    @Property
    void theQuantileIsWhereTheSortedWeightsReachTheShare(
            @ForAll("weighted") List<int[]> weighted, @ForAll @IntRange(min = 1, max = 4) int quarters) {
        float[] values = new float[weighted.size()];
        float[] weights = new float[weighted.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = weighted.get(i)[0];
            weights[i] = weighted.get(i)[1];
        }

        assertThat(WeightedQuantile.of(values, weights, quarters / 4.0))
                .isEqualTo(bySorting(values, weights, quarters / 4.0));
    }

    /** Few different whole numbers, so that values and sums repeat. */
    @Provide
    Arbitrary<List<int[]>> weighted() {
        return Arbitraries.integers()
                .between(0, 9)
                .array(int[].class)
                .ofSize(2)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .filter(all -> all.stream().anyMatch(pair -> pair[1] > 0));
    }

    private static double bySorting(float[] values, float[] weights, double share) {
        double wanted =
                IntStream.range(0, weights.length).mapToDouble(i -> weights[i]).sum() * share;
        double reached = 0;
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparing(i -> values[i]));
        for (int i : order) {
            reached += weights[i];
            if (reached >= wanted) {
                return values[i];
            }
        }
        throw new AssertionError("no weight");
    }
}
