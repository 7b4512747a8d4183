package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import io.planisphere.geo.AdaptivePartitioner.Census;
import io.planisphere.geo.AdaptivePartitioner.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Computes several partitions of the same places in one descent of the S2 tree (Müller-Budack et al., ECCV 2018, section 3.1),
 * each identical to the result of its rule alone. A cell of a coarser partition is a node on the path to cells of finer ones, so
 * each cell has exactly one cell in every coarser partition that is equal to it or its ancestor.
 *
 * @param rules rules from coarse to fine, which differ only in a decreasing t_max
 */
public record NestedPartitioner(List<AdaptivePartitioner> rules) {
    public NestedPartitioner {
        rules = List.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("Nested partitions need at least one t_max");
        }
        for (int i = 1; i < rules.size(); i++) {
            AdaptivePartitioner coarse = rules.get(i - 1);
            AdaptivePartitioner fine = rules.get(i);
            if (fine.tMin() != coarse.tMin() || fine.maxLevel() != coarse.maxLevel()) {
                throw new IllegalArgumentException(
                        "Nested partitions must share t_min and the deepest level, got " + coarse + " and " + fine);
            }
            if (fine.tMax() >= coarse.tMax()) {
                throw new IllegalArgumentException(
                        "t_max must fall from coarse to fine, got " + coarse.tMax() + " and then " + fine.tMax());
            }
        }
    }

    /** Returns the partitions of places that the census counts, in the order of the rules. */
    public List<Outcome> partitions(Census census) {
        List<Harvest> harvests = rules.stream().map(Harvest::new).toList();
        // for each cell, the number of partitions, from the coarsest on, that have ended at an ancestor of it
        Map<S2CellId, Integer> asked = new HashMap<>();
        for (S2CellId face : S2CellId.FACE_CELLS) {
            asked.put(face, 0);
        }
        for (int level = 0; !asked.isEmpty(); level++) {
            Map<S2CellId, Integer> open = descend(level, asked, census, harvests);
            asked.clear();
            open.forEach((cell, ended) -> cell.children().forEach(child -> asked.put(child, ended)));
        }
        return harvests.stream().map(Harvest::outcome).toList();
    }

    /** Returns the partitions of places that fit in memory: about 100 bytes for each distinct cell of the deepest level. */
    public List<Outcome> partitions(Iterable<LatLng> places) {
        int maxLevel = rules.get(0).maxLevel();
        Map<S2CellId, SphericalMean> deepest = new HashMap<>();
        for (LatLng place : places) {
            deepest.merge(place.leaf().parent(maxLevel), SphericalMean.of(place), SphericalMean::plus);
        }
        return partitions((level, cells) -> {
            Map<S2CellId, SphericalMean> sums = new HashMap<>();
            cells.forEach(cell -> sums.put(cell, SphericalMean.NONE));
            deepest.forEach(
                    (cell, sum) -> sums.computeIfPresent(cell.parent(level), (parent, before) -> before.plus(sum)));
            return sums;
        });
    }

    /** Adds the cells of this level that are final to each partition, and returns the cells that some partition splits. */
    private Map<S2CellId, Integer> descend(
            int level, Map<S2CellId, Integer> asked, Census census, List<Harvest> harvests) {
        Map<S2CellId, Integer> open = new HashMap<>();
        census.count(level, asked.keySet()).forEach((cell, sum) -> {
            int ended = asked.getOrDefault(cell, rules.size());
            while (ended < rules.size() && rules.get(ended).endsAt(level, sum)) {
                harvests.get(ended).take(cell, sum);
                ended++;
            }
            if (ended < rules.size()) {
                open.put(cell, ended);
            }
        });
        return open;
    }

    /** The cells of one partition, collected during the descent. */
    private static final class Harvest {
        private final AdaptivePartitioner rule;
        private final TreeMap<S2CellId, SphericalMean> kept = new TreeMap<>();
        private long keptPlaces;
        private long droppedCells;
        private long droppedPlaces;

        Harvest(AdaptivePartitioner rule) {
            this.rule = rule;
        }

        void take(S2CellId id, SphericalMean sum) {
            if (sum.places() >= rule.tMin()) {
                kept.put(id, sum);
                keptPlaces += sum.places();
            } else if (sum.places() > 0) {
                droppedCells++;
                droppedPlaces += sum.places();
            }
        }

        Outcome outcome() {
            List<Cell> cells = new ArrayList<>(kept.size());
            // always has a mean: see SphericalMean.place
            kept.forEach((id, sum) -> cells.add(
                    new Cell(cells.size(), id, sum.places(), sum.place().orElseThrow())));
            return new Outcome(new Partition(cells), keptPlaces, droppedCells, droppedPlaces);
        }
    }
}
