package io.planisphere.geo;

import com.google.common.geometry.R2Vector;
import com.google.common.geometry.S2Cell;
import com.google.common.geometry.S2Point;
import java.util.ArrayList;
import java.util.List;

/**
 * The boundary of an S2 cell in degrees, x the longitude and y the latitude, counter-clockwise on the sphere. Longitudes continue
 * beyond ±180° without a jump. An S2 edge is an arc of a great circle; where a straight line in degrees would deviate from it,
 * more points are inserted.
 */
final class CellOutline {
    private static final double MAX_DEVIATION_RADIANS = 0.1 / LatLng.EARTH_RADIUS_KM;

    // maximum deviation, as a share of the average edge at the cell's level
    private static final double MAX_DEVIATION_SHARE = 1.0 / 500;

    // A symmetric arc deviates most at 1/2, an S-shaped one near 1/5 and 4/5; the margin covers points between the
    // probes.
    private static final int PROBES = 8;
    private static final double RESERVE = 0.9;

    private static final int VERTICES = 4;

    private final double maxDeviation;
    private final List<R2Vector> points = new ArrayList<>();
    private boolean afterPole;
    private double pole;

    private CellOutline(S2Cell cell) {
        maxDeviation = RESERVE
                * Math.min(MAX_DEVIATION_RADIANS, MAX_DEVIATION_SHARE * Math.sqrt(S2Cell.averageArea(cell.level())));
        int first = isPole(cell.getVertexRaw(0)) ? 1 : 0;
        for (int i = 0; i < VERTICES; i++) {
            int k = (first + i) % VERTICES;
            S2Point from = cell.getVertexRaw(k);
            add(from);
            addBetween(from, cell.getVertexRaw((k + 1) % VERTICES), cell.getEdgeRaw(k));
        }
        add(cell.getVertexRaw(first));
        // the first vertex again: at the same longitude, or a full turn away if the boundary goes around a pole
        double turned = points.remove(points.size() - 1).x() - points.get(0).x();
        if (Math.abs(turned) > 180) {
            pole = Math.copySign(90, turned);
        }
    }

    static CellOutline of(S2Cell cell) {
        return new CellOutline(cell);
    }

    /**
     * Returns the points in order, without repeating the first. A pole that is a vertex appears at the longitudes of both its
     * edges.
     */
    List<R2Vector> points() {
        return points;
    }

    /** Returns whether a pole is inside; in that case the boundary is not closed in degrees but runs once around the globe. */
    boolean holdsPole() {
        return pole != 0;
    }

    /** Returns the latitude of the pole inside. */
    double pole() {
        return pole;
    }

    private void add(S2Point raw) {
        if (isPole(raw)) {
            points.add(new R2Vector(last().x(), Math.copySign(90, raw.getZ())));
            afterPole = true;
            return;
        }
        double longitude = longitude(raw);
        if (!points.isEmpty()) {
            longitude = near(longitude, last().x());
        }
        if (afterPole) {
            points.add(new R2Vector(longitude, last().y()));
            afterPole = false;
        }
        points.add(new R2Vector(longitude, latitude(raw)));
    }

    private R2Vector last() {
        return points.get(points.size() - 1);
    }

    /** Bisects until the line is near enough. Vertices are those on the face of the cube, so halves remain exact. */
    private void addBetween(S2Point from, S2Point to, S2Point normal) {
        if (deviation(from, to, normal) > maxDeviation) {
            S2Point middle = from.add(to).mul(0.5);
            addBetween(from, middle, normal);
            add(middle);
            addBetween(middle, to, normal);
        }
    }

    /** Returns the deviation of the straight line in degrees from the great circle, in radians. */
    private static double deviation(S2Point from, S2Point to, S2Point normal) {
        if (isPole(from) || isPole(to)) {
            return 0; // a meridian
        }
        double most = 0;
        double fromLongitude = longitude(from);
        double across = near(longitude(to), fromLongitude) - fromLongitude;
        double up = latitude(to) - latitude(from);
        for (int i = 1; i < PROBES; i++) {
            double share = (double) i / PROBES;
            double lambda = Math.toRadians(fromLongitude + share * across);
            double phi = Math.toRadians(latitude(from) + share * up);
            S2Point probe =
                    new S2Point(Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi));
            most = Math.max(most, Math.abs(probe.dotProd(normal)) / normal.norm());
        }
        return most;
    }

    private static boolean isPole(S2Point raw) {
        return raw.getX() == 0 && raw.getY() == 0;
    }

    private static double latitude(S2Point raw) {
        return Math.toDegrees(Math.atan2(raw.getZ(), Math.hypot(raw.getX(), raw.getY())));
    }

    private static double longitude(S2Point raw) {
        return Math.toDegrees(Math.atan2(raw.getY(), raw.getX()));
    }

    /** Returns the same meridian, shifted by full turns to be nearest to {@code other}. */
    private static double near(double longitude, double other) {
        return longitude - 360 * Math.rint((longitude - other) / 360);
    }
}
