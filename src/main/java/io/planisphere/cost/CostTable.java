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
 * What a network costs for one photo.
 *
 * @param layers that multiply or hold parameters, in the order in which they run
 * @param activationBytes of all values between layers, if each had room of its own
 * @param peakBytes of the values that must be there at the same time, the input among them, if an operator that can work in
 *     place does
 * @param free operators that papers count no multiply-adds for, and how many of each
 * @param uncounted what nobody can tell the cost of here, with the reason
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

    /** Layers of one kind together. */
    public record OfKind(String kind, int layers, long multiplyAdds, long weights, long offsets) {}

    public long multiplyAdds() {
        return sum(LayerCost::multiplyAdds);
    }

    /** Elements of kernels and matrices: what the MobileNets papers call parameters. */
    public long weights() {
        return sum(LayerCost::weights);
    }

    /** Parameters beside {@link #weights}: biases and normalisation. */
    public long offsets() {
        return sum(LayerCost::offsets);
    }

    /** Every parameter. */
    public long parameters() {
        return weights() + offsets();
    }

    /** By kind, the one with the most multiply-adds first. */
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
