package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * PlaNet's adaptive partitioning (Weyand et al., ECCV 2016, section 3): descend the S2 tree from its six faces until a cell has
 * at most {@code tMax} photos, then drop cells with fewer than {@code tMin} together with their photos. The level is limited,
 * because photos with identical coordinates can never be separated (of the 15,527 cells of Berkeley's LocationNet, 49 are at
 * level 30).
 *
 * @param tMin minimum photos per cell, at least 1
 * @param tMax maximum photos per cell, except for cells at {@code maxLevel}
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

    /** Counts the places per cell; called once per level. */
    @FunctionalInterface
    public interface Census {
        /**
         * Returns the sum of the places in each of these cells, all of the same level; cells without places may be left out.
         * There are at most 4 N / t_max cells for N places and the smallest t_max, six at level 0.
         */
        Map<S2CellId, SphericalMean> count(int level, Collection<S2CellId> cells);
    }

    /**
     * The result of partitioning.
     *
     * @param partition the partition; labels follow the Hilbert curve, so they depend only on the places
     * @param keptPlaces places in its cells
     * @param droppedCells cells with places, but fewer than t_min
     * @param droppedPlaces the places in them
     */
    public record Outcome(Partition partition, long keptPlaces, long droppedCells, long droppedPlaces) {}

    /** Returns the partition of places that the census counts. */
    public Outcome partition(Census census) {
        return new NestedPartitioner(List.of(this)).partitions(census).get(0);
    }

    /** Returns the partition of places that fit in memory: about 100 bytes for each distinct cell of the deepest level. */
    public Outcome partition(Iterable<LatLng> places) {
        return new NestedPartitioner(List.of(this)).partitions(places).get(0);
    }

    boolean endsAt(int level, SphericalMean sum) {
        return sum.places() <= tMax || level >= maxLevel;
    }
}
