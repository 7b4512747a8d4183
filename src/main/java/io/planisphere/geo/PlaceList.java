package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The classes of a geolocator that are places rather than cells: one per score of the network. Places in the same S2 cell of level
 * 30, which is a centimetre wide, are one place with several scores.
 *
 * @param partition the places, each as the cell of level 30 that it is in
 * @param labels label in the partition by score
 */
public record PlaceList(Partition partition, List<Integer> labels) {
    private static final String HEADER = "latitude,longitude";

    public PlaceList {
        labels = List.copyOf(labels);
    }

    /** Returns whether a file has places: CSV with the columns {@code latitude,longitude}. */
    public static boolean isIn(String firstLine) {
        return firstLine.replace("\uFEFF", "").strip().equals(HEADER);
    }

    /**
     * Reads a list of places: after the header one line per score, in the order of the scores, in degrees.
     *
     * @param file file name for messages
     * @throws IllegalArgumentException if the list is invalid; the message has file, line, value and fix
     */
    public static PlaceList read(String file, Reader reader) throws IOException {
        BufferedReader lines = new BufferedReader(reader);
        lines.readLine();
        List<Cell> cells = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        Map<S2CellId, Integer> known = new HashMap<>();
        int number = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            LatLng place = place(file, number, line.strip());
            S2CellId leaf = place.leaf();
            Integer label = known.putIfAbsent(leaf, cells.size());
            if (label == null) {
                labels.add(cells.size());
                cells.add(new Cell(cells.size(), leaf, 1, place));
            } else {
                labels.add(label);
            }
        }
        if (cells.isEmpty()) {
            throw new IllegalArgumentException(
                    "Cannot read places from " + file + ": it has none; give it one per score");
        }
        return new PlaceList(Partition.ofPlaces(cells), labels);
    }

    private static LatLng place(String file, int number, String line) {
        String[] values = line.split(",", -1);
        try {
            if (values.length == 2) {
                return new LatLng(Double.parseDouble(values[0]), Double.parseDouble(values[1]));
            }
        } catch (IllegalArgumentException e) { // thrown for the number's format or its range
            // refused below, with the whole line
        }
        throw new IllegalArgumentException(String.format(
                Locale.ROOT,
                "Cannot read places from %s: line %d: \"%s\" is no place; write degrees, latitude in [-90, 90] and longitude"
                        + " in [-180, 180]",
                file,
                number,
                line));
    }
}
