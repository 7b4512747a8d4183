package io.planisphere.cost;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Accumulates the costs of a network, operator by operator in execution order, and tracks the lifetime of its values: when each
 * is computed and when it is last used.
 */
public final class CostSheet {
    private final List<LayerCost> layers = new ArrayList<>();
    private final Map<String, Integer> free = new TreeMap<>();
    private final List<String> uncounted = new ArrayList<>();
    private final Map<String, Long> bytes = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();

    /**
     * An operator.
     *
     * @param inPlace whether an output may reuse the memory of an input of the same shape
     */
    private record Step(Collection<String> inputs, Collection<String> outputs, boolean inPlace) {}

    /** A memory buffer, with the values that use it in succession. */
    private static final class Room {
        private long bytes = Long.MAX_VALUE;
        private int from = Integer.MAX_VALUE;
        private int to = -1;

        /**
         * Adds a value to the buffer. Of the values in a buffer the runtime materialises only the smallest, because it fuses the
         * operators that compute the others.
         */
        void hold(long valueBytes, int first, int last) {
            bytes = Math.min(bytes, valueBytes);
            from = Math.min(from, first);
            to = Math.max(to, last);
        }
    }

    /** Adds a value between operators, or an input, but not weights. */
    public CostSheet value(String name, long valueBytes) {
        bytes.put(name, valueBytes);
        return this;
    }

    /** Adds an operator that needs memory for its outputs besides its inputs. */
    public CostSheet step(Collection<String> inputs, Collection<String> outputs) {
        steps.add(new Step(List.copyOf(inputs), List.copyOf(outputs), false));
        return this;
    }

    /** Adds an operator that can overwrite an input that is not used later with its output. */
    public CostSheet stepInPlace(Collection<String> inputs, Collection<String> outputs) {
        steps.add(new Step(List.copyOf(inputs), List.copyOf(outputs), true));
        return this;
    }

    public CostSheet layer(LayerCost layer) {
        layers.add(layer);
        return this;
    }

    /** Adds an operator for which papers count no multiply-adds. */
    public CostSheet free(String operator) {
        free.merge(operator, 1, Integer::sum);
        return this;
    }

    /** Adds an operator of unknown cost, with the reason. */
    public CostSheet uncounted(String what) {
        uncounted.add(what);
        return this;
    }

    /** Marks values that are needed at the end. */
    public CostSheet kept(Collection<String> outputs) {
        return step(outputs, List.of());
    }

    public CostTable table() {
        Collection<Room> rooms = rooms();
        long all = rooms.stream().mapToLong(room -> room.bytes).sum();
        long peak = 0;
        for (int i = 0; i < steps.size(); i++) {
            int now = i;
            peak = Math.max(
                    peak,
                    rooms.stream()
                            .filter(room -> room.from <= now && now <= room.to)
                            .mapToLong(room -> room.bytes)
                            .sum());
        }
        return new CostTable(layers, all, peak, free, uncounted);
    }

    private Collection<Room> rooms() {
        Map<String, Integer> made = new HashMap<>();
        Map<String, Integer> lastUse = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            for (String input : steps.get(i).inputs()) {
                lastUse.put(input, i);
            }
            for (String output : steps.get(i).outputs()) {
                made.put(output, i);
            }
        }
        Map<String, String> owners = owners(lastUse);
        Map<String, Room> rooms = new LinkedHashMap<>();
        bytes.forEach((value, size) -> {
            int first = made.getOrDefault(value, 0);
            rooms.computeIfAbsent(owners.getOrDefault(value, value), owner -> new Room())
                    .hold(size, first, lastUse.getOrDefault(value, steps.size() - 1));
        });
        return rooms.values();
    }

    /** Returns, for each value in the buffer of another value, that other value. */
    private Map<String, String> owners(Map<String, Integer> lastUse) {
        Map<String, String> owners = new HashMap<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (!step.inPlace() || step.outputs().isEmpty()) {
                continue;
            }
            String output = step.outputs().iterator().next();
            int now = i;
            step.inputs().stream()
                    .filter(input -> bytes.containsKey(input) && lastUse.getOrDefault(input, now) == now)
                    .filter(input -> fits(input, output))
                    .findFirst()
                    .ifPresent(input -> owners.put(output, owners.getOrDefault(input, input)));
        }
        return owners;
    }

    /**
     * Returns whether an output fits in the buffer of an input: the buffer of a per-channel vector is too small for the image
     * that it is multiplied with, and a quantised image has a quarter of the size.
     */
    private boolean fits(String input, String output) {
        long room = bytes.getOrDefault(input, 0L);
        long needed = bytes.getOrDefault(output, Long.MAX_VALUE);
        return needed / 4 <= room;
    }
}
