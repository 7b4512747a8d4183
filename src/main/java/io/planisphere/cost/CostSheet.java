package io.planisphere.cost;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gathers the costs of a network, operator by operator in the order in which they run, and follows its values: when each is made
 * and when it is used for the last time.
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
     * @param inPlace whether an output of the shape of an input may take its room
     */
    private record Step(Collection<String> inputs, Collection<String> outputs, boolean inPlace) {}

    /** A value's room: the values in it, one after the other. */
    private static final class Room {
        private long bytes = Long.MAX_VALUE;
        private int from = Integer.MAX_VALUE;
        private int to = -1;

        /** Of what stands in a room the runtime keeps the smallest only: it fuses what makes the others. */
        void hold(long valueBytes, int first, int last) {
            bytes = Math.min(bytes, valueBytes);
            from = Math.min(from, first);
            to = Math.max(to, last);
        }
    }

    /** A value between operators, or an input; weights are none. */
    public CostSheet value(String name, long valueBytes) {
        bytes.put(name, valueBytes);
        return this;
    }

    /** An operator that needs room for its outputs beside its inputs. */
    public CostSheet step(Collection<String> inputs, Collection<String> outputs) {
        steps.add(new Step(List.copyOf(inputs), List.copyOf(outputs), false));
        return this;
    }

    /** An operator that can write its output over an input that nobody needs afterwards. */
    public CostSheet stepInPlace(Collection<String> inputs, Collection<String> outputs) {
        steps.add(new Step(List.copyOf(inputs), List.copyOf(outputs), true));
        return this;
    }

    public CostSheet layer(LayerCost layer) {
        layers.add(layer);
        return this;
    }

    /** An operator without multiply-adds, as papers count. */
    public CostSheet free(String operator) {
        free.merge(operator, 1, Integer::sum);
        return this;
    }

    /** Something whose cost is not known, and why. */
    public CostSheet uncounted(String what) {
        uncounted.add(what);
        return this;
    }

    /** Values that are needed when all is done. */
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

    /** For each value that stands in another one's room, that one. */
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

    /** A vector per channel has no room for the image that it is multiplied with; a quantised image is a fourth of it. */
    private boolean fits(String input, String output) {
        long room = bytes.getOrDefault(input, 0L);
        long needed = bytes.getOrDefault(output, Long.MAX_VALUE);
        return needed / 4 <= room;
    }
}
