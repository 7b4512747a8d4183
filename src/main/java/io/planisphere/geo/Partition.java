package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Disjoint S2 cells with the labels 0 to n − 1: the classes of a geolocator. A partition need not cover the Earth; a place
 * outside every cell has no label.
 */
public final class Partition {
    private final List<Cell> cells;
    private final boolean isOfPlaces;

    // Sorted by position on the Hilbert curve. Ids are unsigned; with the sign bit flipped they sort as signed longs.
    private final long[] firstLeaves;
    private final long[] lastLeaves;
    private final int[] labels;

    /**
     * @param cells cells in any order
     * @throws IllegalArgumentException if the labels are not 0 to n − 1 without repetition, or two cells overlap
     */
    public Partition(List<Cell> cells) {
        this(cells, false);
    }

    private Partition(List<Cell> cells, boolean isOfPlaces) {
        this.isOfPlaces = isOfPlaces;
        this.cells = cells.stream().sorted(Comparator.comparingInt(Cell::label)).toList();
        for (int i = 0; i < this.cells.size(); i++) {
            int label = this.cells.get(i).label();
            if (label != i) {
                throw new IllegalArgumentException("Labels must be 0 to " + (cells.size() - 1) + ", each once: "
                        + (label < i ? label + " stands twice" : i + " is missing"));
            }
        }
        List<Cell> onCurve =
                cells.stream().sorted(Comparator.comparing(Cell::id)).toList();
        firstLeaves =
                onCurve.stream().mapToLong(cell -> signed(cell.id().rangeMin())).toArray();
        lastLeaves =
                onCurve.stream().mapToLong(cell -> signed(cell.id().rangeMax())).toArray();
        labels = onCurve.stream().mapToInt(Cell::label).toArray();
        for (int i = 1; i < labels.length; i++) {
            if (firstLeaves[i] <= lastLeaves[i - 1]) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "Cells must be disjoint: %s (label %d) overlaps %s (label %d)",
                        onCurve.get(i - 1).token(),
                        labels[i - 1],
                        onCurve.get(i).token(),
                        labels[i]));
            }
        }
    }

    /** Returns a partition of cells that stand for their mean places alone, and so for what is nearest to these. */
    static Partition ofPlaces(List<Cell> cells) {
        return new Partition(cells, true);
    }

    /** Returns whether the cells stand for single places, rather than for their areas. */
    public boolean isOfPlaces() {
        return isOfPlaces;
    }

    /** Returns the cells by label: the cell at index i has label i. */
    public List<Cell> cells() {
        return cells;
    }

    /** Returns the label of the cell that contains the place; empty if there is none. O(log n). */
    public OptionalInt labelOf(LatLng place) {
        return labelOf(place.leaf());
    }

    /** Returns the label of the cell that equals or contains an S2 cell; empty if there is none. O(log n). */
    public OptionalInt labelOf(S2CellId cell) {
        int found = Arrays.binarySearch(firstLeaves, signed(cell.rangeMin()));
        int candidate = found >= 0 ? found : -found - 2; // the last one that starts at or before the cell
        return candidate >= 0 && signed(cell.rangeMax()) <= lastLeaves[candidate]
                ? OptionalInt.of(labels[candidate])
                : OptionalInt.empty();
    }

    /**
     * Reads the cell list: CSV with the columns {@code class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean}, one row
     * per cell in any order, as published with the hierarchical partitions of Müller-Budack et al. (ECCV 2018).
     *
     * @param file file name for messages
     * @throws IllegalArgumentException if the list is invalid; the message has file, line, value and fix
     */
    public static Partition read(String file, Reader reader) throws IOException {
        return CellList.read(file, reader);
    }

    /** Writes the cell list, in the order of labels; {@link #read} returns an equal partition. */
    public void write(Appendable out) throws IOException {
        CellList.write(cells, out);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Partition partition && cells.equals(partition.cells);
    }

    @Override
    public int hashCode() {
        return cells.hashCode();
    }

    @Override
    public String toString() {
        return "Partition of " + cells.size() + " cells";
    }

    private static long signed(S2CellId id) {
        return id.id() ^ Long.MIN_VALUE;
    }
}
