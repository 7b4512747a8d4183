package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2LatLng;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The cells that may be predicted for a partition: its own cells, or no cells finer than a level of the S2 tree. */
public final class PredictionCells {
    private final Partition cells;
    private final int[] predicted; // label of the predicted cell by label of the partition

    private PredictionCells(Partition cells, int[] predicted) {
        this.cells = cells;
        this.predicted = predicted;
    }

    /** Returns the partition's own cells, with the mean place of their photos. */
    public static PredictionCells full(Partition partition) {
        int[] same = new int[partition.cells().size()];
        for (int i = 0; i < same.length; i++) {
            same[i] = i;
        }
        return new PredictionCells(partition, same);
    }

    /**
     * Returns cells no finer than {@code level}: finer ones are replaced by their ancestor at that level. Every place is the
     * centre of its cell, because the mean place of a cell's photos may be a private address.
     *
     * @param level 0 to 30
     */
    public static PredictionCells noFinerThan(int level, Partition partition) {
        Map<S2CellId, Integer> labels = new HashMap<>();
        List<Cell> merged = new ArrayList<>();
        int[] predicted = new int[partition.cells().size()];
        for (Cell cell : partition.cells()) {
            S2CellId id = cell.id().level() > level ? cell.id().parent(level) : cell.id();
            int label = labels.computeIfAbsent(id, added -> merged.size());
            long before = label < merged.size() ? merged.remove(label).photos() : 0;
            merged.add(label, new Cell(label, id, before + cell.photos(), centre(id)));
            predicted[cell.label()] = label;
        }
        return new PredictionCells(new Partition(merged), predicted);
    }

    /** Returns the cells that may be predicted. */
    public Partition cells() {
        return cells;
    }

    /** Returns the label, in {@link #cells}, of the predicted cell for a cell of the partition. */
    public int of(int label) {
        return predicted[label];
    }

    private static LatLng centre(S2CellId id) {
        S2LatLng centre = id.toLatLng();
        return new LatLng(centre.latDegrees(), centre.lngDegrees());
    }
}
