package io.planisphere.cost;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The cost of a network for one photo.
 *
 * @param layers layers with multiply-adds or parameters, in execution order
 * @param activationBytes bytes of all values between layers, if each had its own buffer
 * @param peakBytes peak bytes of simultaneously live values, including the input, if operators work in place where possible
 * @param free number of operators for which papers count no multiply-adds, by operator
 * @param uncounted operators of unknown cost, with the reason
 */
public record CostTable(
        List<LayerCost> layers,
        long activationBytes,
        long peakBytes,
        Map<String, Integer> free,
        List<String> uncounted) {
    public CostTable {
        layers = List.copyOf(layers);
        free = Collections.unmodifiableMap(new TreeMap<>(free));
        uncounted = List.copyOf(uncounted);
    }

    /** The total of the layers of one kind. */
    public record OfKind(String kind, int layers, long multiplyAdds, long weights, long offsets) {}

    public long multiplyAdds() {
        return sum(LayerCost::multiplyAdds);
    }

    /** Returns the elements of kernels and matrices, which the MobileNets papers call parameters. */
    public long weights() {
        return sum(LayerCost::weights);
    }

    /** Returns the parameters other than {@link #weights}: biases and normalisation. */
    public long offsets() {
        return sum(LayerCost::offsets);
    }

    /** Returns the number of all parameters. */
    public long parameters() {
        return weights() + offsets();
    }

    /** Returns the totals by kind, most multiply-adds first. */
    public List<OfKind> kinds() {
        Map<String, List<LayerCost>> byKind = new LinkedHashMap<>();
        layers.forEach(layer ->
                byKind.computeIfAbsent(layer.kind(), kind -> new ArrayList<>()).add(layer));
        return byKind.entrySet().stream()
                .map(kind -> new OfKind(
                        kind.getKey(),
                        kind.getValue().size(),
                        sum(kind.getValue(), LayerCost::multiplyAdds),
                        sum(kind.getValue(), LayerCost::weights),
                        sum(kind.getValue(), LayerCost::offsets)))
                .sorted(Comparator.comparingLong(OfKind::multiplyAdds).reversed())
                .toList();
    }

    private long sum(ToLongFunction<LayerCost> cost) {
        return sum(layers, cost);
    }

    private static long sum(List<LayerCost> layers, ToLongFunction<LayerCost> cost) {
        return layers.stream().mapToLong(cost).sum();
    }
}
