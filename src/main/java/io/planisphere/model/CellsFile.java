package io.planisphere.model;

import java.nio.charset.StandardCharsets;

/**
 * The parts of a list of cells or places that a package checks: its columns and the number of lines. The package geo parses them.
 */
final class CellsFile {
    static final String HEADER = "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean";
    static final String PLACES = "latitude,longitude";

    private CellsFile() {}

    /** Returns the number of cells or places: non-blank lines after the header. */
    static int count(String file, byte[] csv) {
        var lines = new String(csv, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        String first = lines.isEmpty() ? "" : lines.get(0).replace("\uFEFF", "").strip();
        if (!first.equals(HEADER) && !first.equals(PLACES)) {
            throw new PackageProblem(file + " starts with " + (lines.isEmpty() ? "nothing" : lines.get(0))
                    + "; its first line must be " + HEADER + ", or " + PLACES + " for places");
        }
        return lines.size() - 1;
    }
}
