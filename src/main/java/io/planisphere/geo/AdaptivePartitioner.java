package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * PlaNet's rule (Weyand et al., ECCV 2016, section 3): descend the S2 tree from its six faces until a cell holds at most
 * {@code tMax} photos, then drop the cells under {@code tMin} with their photos. The level is capped, for photos with one
 * identical coordinate can never be told apart (the 15,527 cells of Berkeley's LocationNet have 49 at level 30).
 *
 * @param tMin photos that a cell must hold to be kept, at least 1
 * @param tMax photos that a cell may hold, unless it stands at {@code maxLevel}
 * @param maxLevel deepest S2 level, 0 to 30
 */
public record AdaptivePartitioner(long tMin, long tMax, int maxLevel) {
    public AdaptivePartitioner {
        if (tMin < 1 || tMax < tMin) {
            throw new IllegalArgumentException(
                    "t_min and t_max must satisfy 1 <= t_min <= t_max, got " + tMin + " and " + tMax);
        }
        if (maxLevel < 0 || maxLevel > S2CellId.MAX_LEVEL) {
            throw new IllegalArgumentException("Deepest S2 level must be 0 to 30, got " + maxLevel);
        }
    }

    /** Knows where the places are; asked once per level. */
    @FunctionalInterface
    public interface Census {
        /**
         * Sums of the places in each of these cells, all of the same level; cells without places may be left out. There are
         * at most 4 N / t_max of them for N places, six at level 0.
         */
        Map<S2CellId, SphericalMean> count(int level, Collection<S2CellId> cells);
    }

    /**
     * What came of it.
     *
     * @param partition labels follow the Hilbert curve, so they depend on the places alone
     * @param keptPlaces places in its cells
     * @param droppedCells cells that held places, but fewer than t_min
     * @param droppedPlaces the places in them
     */
    public record Outcome(Partition partition, long keptPlaces, long droppedCells, long droppedPlaces) {}

    /** The partition of places that the census counts. */
    public Outcome partition(Census census) {
        TreeMap<S2CellId, SphericalMean> kept = new TreeMap<>();
        long droppedCells = 0;
        long droppedPlaces = 0;
        List<S2CellId> asked = List.of(S2CellId.FACE_CELLS);
        for (int level = 0; !asked.isEmpty(); level++) {
            List<S2CellId> next = new ArrayList<>();
            for (Map.Entry<S2CellId, SphericalMean> entry :
                    census.count(level, asked).entrySet()) {
                long places = entry.getValue().places();
                if (places > tMax && level < maxLevel) {
                    entry.getKey().children().forEach(next::add);
                } else if (places >= tMin) {
                    kept.put(entry.getKey(), entry.getValue());
                } else if (places > 0) {
                    droppedCells++;
                    droppedPlaces += places;
                }
            }
            asked = next;
        }
        List<Cell> cells = new ArrayList<>(kept.size());
        long keptPlaces = 0;
        for (Map.Entry<S2CellId, SphericalMean> entry : kept.entrySet()) {
            SphericalMean sum = entry.getValue();
            // never empty: see SphericalMean.place
            LatLng mean = sum.place().orElseThrow();
            cells.add(new Cell(cells.size(), entry.getKey(), sum.places(), mean));
            keptPlaces += sum.places();
        }
        return new Outcome(new Partition(cells), keptPlaces, droppedCells, droppedPlaces);
    }

    /** The partition of places that fit in memory: about 100 bytes for each distinct cell of the deepest level. */
    public Outcome partition(Iterable<LatLng> places) {
        Map<S2CellId, SphericalMean> deepest = new HashMap<>();
        for (LatLng place : places) {
            deepest.merge(place.leaf().parent(maxLevel), SphericalMean.of(place), SphericalMean::plus);
        }
        return partition((level, cells) -> {
            Map<S2CellId, SphericalMean> sums = new HashMap<>();
            cells.forEach(cell -> sums.put(cell, SphericalMean.NONE));
            deepest.forEach(
                    (cell, sum) -> sums.computeIfPresent(cell.parent(level), (parent, before) -> before.plus(sum)));
            return sums;
        });
    }
}
