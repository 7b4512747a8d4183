package io.planisphere.report;

import com.google.common.geometry.S2Cell;
import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2LatLng;
import java.util.Arrays;
import java.util.List;

/** The outline of an S2 cell in the page: its four corners, because the page's projections draw its edges as great circles. */
public final class Outline {
    // a hundred-thousandth of a degree is 1.1 m
    private static final double STEPS_PER_DEGREE = 1e5;
    private static final int CORNERS = 4;

    private Outline() {}

    /**
     * Returns longitude and latitude of each corner in hundred-thousandths of a degree, clockwise; the first corner is absolute,
     * the others are relative to it.
     */
    public static List<Integer> of(S2CellId id) {
        S2Cell cell = new S2Cell(id);
        int[] numbers = new int[2 * CORNERS];
        for (int i = 0; i < CORNERS; i++) {
            S2LatLng corner = new S2LatLng(cell.getVertex(CORNERS - 1 - i));
            numbers[2 * i] = steps(corner.lngDegrees()) - numbers[0] * (i == 0 ? 0 : 1);
            numbers[2 * i + 1] = steps(corner.latDegrees()) - numbers[1] * (i == 0 ? 0 : 1);
        }
        return Arrays.stream(numbers).boxed().toList();
    }

    private static int steps(double degrees) {
        return (int) Math.rint(degrees * STEPS_PER_DEGREE);
    }
}
