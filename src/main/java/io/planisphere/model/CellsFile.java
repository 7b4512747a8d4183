package io.planisphere.model;

import java.nio.charset.StandardCharsets;

/** The parts of a cell list that a package checks: its columns and the number of cells. The package geo parses the cells. */
final class CellsFile {
    static final String HEADER = "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean";

    private CellsFile() {}

    /** Returns the number of cells: non-blank lines after the header. */
    static int count(String file, byte[] csv) {
        var lines = new String(csv, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        if (lines.isEmpty() || !lines.get(0).replace("\uFEFF", "").strip().equals(HEADER)) {
            throw new PackageProblem(file + " starts with " + (lines.isEmpty() ? "nothing" : lines.get(0))
                    + "; its first line must be " + HEADER);
        }
        return lines.size() - 1;
    }
}
