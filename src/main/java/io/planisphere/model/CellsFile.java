package io.planisphere.model;

import java.nio.charset.StandardCharsets;

/** A list of cells as far as it concerns the package: its columns and how many cells it has. What a cell is, geo knows. */
final class CellsFile {
    static final String HEADER = "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean";

    private CellsFile() {}

    /** Number of cells: lines after the header that are not blank. */
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
