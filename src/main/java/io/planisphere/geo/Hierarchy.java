package io.planisphere.geo;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Partitions from coarse to fine, with each cell of the finest inside one cell of every coarser one (Müller-Budack et al.,
 * Geolocation Estimation of Photos Using a Hierarchical Model and Scene Classification, ECCV 2018, section 3.2). Ancestors are
 * found in the S2 tree, because the mean place of a fine cell's photos may be outside the cell.
 */
public final class Hierarchy {
    private final List<Partition> partitions;
    private final int[][] ancestors; // by partition, then by label of the finest partition

    /**
     * @param coarseToFine at least one
     * @throws IllegalArgumentException if a cell of the finest partition is in no cell of a coarser one
     */
    public Hierarchy(List<Partition> coarseToFine) {
        if (coarseToFine.isEmpty()) {
            throw new IllegalArgumentException("A hierarchy needs at least one partition, got none");
        }
        partitions = List.copyOf(coarseToFine);
        List<Cell> finest = finest().cells();
        ancestors = new int[partitions.size()][finest.size()];
        for (int i = 0; i < partitions.size(); i++) {
            for (Cell cell : finest) {
                ancestors[i][cell.label()] = ancestor(cell, i);
            }
        }
    }

    private int ancestor(Cell cell, int coarser) {
        OptionalInt label = partitions.get(coarser).labelOf(cell.id());
        return label.orElseThrow(() -> new IllegalArgumentException(String.format(
                Locale.ROOT,
                "Cell %s of the finest partition lies in no cell of partition %d, counted from the coarsest as 0; build the partitions of one hierarchy together",
                cell.token(),
                coarser)));
    }

    /** Returns the partitions from the coarsest to the finest. */
    public List<Partition> partitions() {
        return partitions;
    }

    public Partition finest() {
        return partitions.get(partitions.size() - 1);
    }

    /** Returns the label, in {@code partitions().get(partition)}, of the cell that contains the finest partition's cell. */
    public int ancestor(int partition, int fineLabel) {
        return ancestors[partition][fineLabel];
    }
}
