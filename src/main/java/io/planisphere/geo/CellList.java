package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The CSV format of a {@link Partition}. No value contains a comma, so nothing is quoted. */
final class CellList {
    private static final String HEADER = "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean";
    private static final int COLUMNS = 5;

    private final String file;
    private final Map<Integer, Integer> lineByLabel = new HashMap<>();
    private final TreeMap<S2CellId, Integer> lineById = new TreeMap<>();
    private int line;

    private CellList(String file) {
        this.file = file;
    }

    static Partition read(String file, Reader reader) throws IOException {
        return new CellList(file).partition(new BufferedReader(reader));
    }

    static void write(Collection<Cell> cells, Appendable out) throws IOException {
        out.append(HEADER).append('\n');
        for (Cell cell : cells) {
            out.append(String.format(
                    Locale.ROOT,
                    "%d,%s,%d,%s,%s\n",
                    cell.label(),
                    cell.token(),
                    cell.photos(),
                    decimal(cell.mean().latitude()),
                    decimal(cell.mean().longitude())));
        }
    }

    private Partition partition(BufferedReader rows) throws IOException {
        line = 1;
        String header = rows.readLine();
        // spreadsheets write a byte order mark first
        if (header == null || !header.replace("\uFEFF", "").strip().equals(HEADER)) {
            throw refusal("the header is \"" + header + "\"", "make the first line \"" + HEADER + "\"");
        }
        List<Cell> cells = new ArrayList<>();
        for (String row = rows.readLine(); row != null; row = rows.readLine()) {
            line++;
            if (!row.isBlank()) {
                cells.add(cell(row.strip().split(",", -1)));
            }
        }
        if (cells.isEmpty()) {
            throw refusal("the list has no cells", "build it again with a smaller t_min");
        }
        for (Cell cell : cells) {
            if (cell.label() >= cells.size()) {
                line = lineByLabel.getOrDefault(cell.label(), line);
                throw refusal(
                        "label " + cell.label() + " is out of range for " + cells.size() + " cells",
                        "number the cells 0 to " + (cells.size() - 1) + "; perhaps rows are missing");
            }
        }
        return new Partition(cells);
    }

    private Cell cell(String[] values) {
        if (values.length != COLUMNS) {
            throw refusal(values.length + " values instead of " + COLUMNS, "give each row the columns " + HEADER);
        }
        int label = Math.toIntExact(wholeNumber("class_label", values[0], Integer.MAX_VALUE));
        Integer same = lineByLabel.put(label, line);
        if (same != null) {
            throw refusal("label " + label + " stands in line " + same + " too", "give every cell its own label");
        }
        S2CellId id = id(values[1]);
        refuseOverlap(id);
        lineById.put(id, line);
        return new Cell(label, id, wholeNumber("imgs_per_cell", values[2], Long.MAX_VALUE), mean(values[3], values[4]));
    }

    private S2CellId id(String token) {
        return CellToken.parse(token)
                .orElseThrow(() -> refusal(
                        "hex_id \"" + token + "\" is no S2 cell",
                        "write the cell's token as text; programs that take it for a number spoil it"));
    }

    /** Throws if a cell overlaps another. Cells so far are disjoint, so only the nearest on either side can overlap. */
    private void refuseOverlap(S2CellId id) {
        for (S2CellId near : new S2CellId[] {lineById.floorKey(id), lineById.ceilingKey(id)}) {
            if (near != null && near.intersects(id)) {
                throw refusal(
                        String.format(
                                Locale.ROOT,
                                "cell %s overlaps cell %s of line %d",
                                id.toToken(),
                                near.toToken(),
                                lineById.get(near)),
                        "keep one of the two; a list holds one partition, not a hierarchy");
            }
        }
    }

    private long wholeNumber(String column, String value, long most) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // rejected below, with the number that is out of range
        }
        throw refusal(column + " is \"" + value + "\"", "write a whole number from 0");
    }

    private LatLng mean(String latitude, String longitude) {
        try {
            return new LatLng(Double.parseDouble(latitude), Double.parseDouble(longitude));
        } catch (IllegalArgumentException e) { // thrown for the number's format or its range
            throw refusal(
                    "the mean place is \"" + latitude + "\", \"" + longitude + "\"",
                    "write degrees, latitude in [-90, 90] and longitude in [-180, 180]");
        }
    }

    private IllegalArgumentException refusal(String what, String mend) {
        return new IllegalArgumentException(
                String.format(Locale.ROOT, "Cannot read cells from %s: line %d: %s; %s", file, line, what, mend));
    }

    /** Returns the shortest decimal that reads back as the same double, without an exponent. */
    private static String decimal(double degrees) {
        return BigDecimal.valueOf(degrees).toPlainString();
    }
}
