package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2LatLng;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What may be said of the cells of a partition: all that they know, or nothing finer than a level of the S2 tree. */
public final class Answers {
    private final Partition cells;
    private final int[] answers; // by label of the partition

    private Answers(Partition cells, int[] answers) {
        this.cells = cells;
        this.answers = answers;
    }

    /** Every cell as it is, with the mean place of its photos. */
    public static Answers full(Partition partition) {
        int[] same = new int[partition.cells().size()];
        for (int i = 0; i < same.length; i++) {
            same[i] = i;
        }
        return new Answers(partition, same);
    }

    /**
     * No cell deeper than {@code level}: deeper ones become their ancestor there. Every place is the centre of its cell, for
     * the mean place of a cell's photos may be somebody's door.
     *
     * @param level 0 to 30
     */
    public static Answers noFinerThan(int level, Partition partition) {
        Map<S2CellId, Integer> labels = new HashMap<>();
        List<Cell> merged = new ArrayList<>();
        int[] answers = new int[partition.cells().size()];
        for (Cell cell : partition.cells()) {
            S2CellId id = cell.id().level() > level ? cell.id().parent(level) : cell.id();
            int label = labels.computeIfAbsent(id, added -> merged.size());
            long before = label < merged.size() ? merged.remove(label).photos() : 0;
            merged.add(label, new Cell(label, id, before + cell.photos(), centre(id)));
            answers[cell.label()] = label;
        }
        return new Answers(new Partition(merged), answers);
    }

    /** The cells that an answer may name. */
    public Partition cells() {
        return cells;
    }

    /** The label, in {@link #cells}, of what is said for a cell of the partition. */
    public int of(int label) {
        return answers[label];
    }

    private static LatLng centre(S2CellId id) {
        S2LatLng centre = id.toLatLng();
        return new LatLng(centre.latDegrees(), centre.lngDegrees());
    }
}
