package io.planisphere.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A list of anchors, one line each, in the order of the graph's boxes. */
final class AnchorsFile {
    static final String HEADER = "ycenter,xcenter,height,width";

    private AnchorsFile() {}

    /** Returns the anchors: non-blank lines after the header. */
    static List<Anchor> read(String file, byte[] csv) {
        List<String> lines = new String(csv, StandardCharsets.UTF_8).lines().toList();
        String first = lines.isEmpty() ? "" : lines.get(0).replace("\uFEFF", "").strip();
        if (!first.equals(HEADER)) {
            throw new PackageProblem(file + " starts with " + (first.isEmpty() ? "nothing" : first)
                    + "; its first line must be " + HEADER);
        }
        List<Anchor> anchors = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                anchors.add(anchor(file, i + 1, lines.get(i)));
            }
        }
        return List.copyOf(anchors);
    }

    private static Anchor anchor(String file, int number, String line) {
        String[] fields = line.strip().split(",", -1);
        double[] values = new double[4];
        boolean isRight = fields.length == values.length;
        for (int i = 0; isRight && i < values.length; i++) {
            try {
                values[i] = Double.parseDouble(fields[i]);
            } catch (NumberFormatException e) {
                isRight = false;
            }
            isRight &= Double.isFinite(values[i]) && (i < 2 || values[i] > 0);
        }
        if (!isRight) {
            throw new PackageProblem(file + " has line " + number + " " + line
                    + "; a line holds four fractions of the photo, height and width above 0");
        }
        return new Anchor(values[0], values[1], values[2], values[3]);
    }
}
