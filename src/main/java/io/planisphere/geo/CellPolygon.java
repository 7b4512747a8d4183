package io.planisphere.geo;

import com.google.common.geometry.R2Vector;
import com.google.common.geometry.S2Cell;
import com.google.common.geometry.S2CellId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The polygon of an S2 cell for maps in degrees, which connect points by straight lines in longitude and latitude. It is within
 * 100 m, and within a five-hundredth of the cell's average edge, of the cell's true boundary. A cell that crosses the
 * antimeridian is cut there (RFC 7946, section 3.1.9); one that contains a pole is closed along it.
 *
 * @param rings the exterior ring of each part, counter-clockwise, the last place equal to the first. Rounded to 7 decimals (1
 *     cm), and to 8 from level 22, 9 from 25, 10 from 28 on, where a cell would otherwise vanish
 */
public record CellPolygon(List<List<LatLng>> rings) {
    private static final double TURN = 360;
    private static final double HALF_TURN = 180;

    public CellPolygon {
        rings = rings.stream().map(List::copyOf).toList();
    }

    /** Returns the polygon of a valid cell of any level. */
    public static CellPolygon of(S2CellId id) {
        CellOutline outline = CellOutline.of(new S2Cell(id));
        List<List<R2Vector>> parts =
                outline.holdsPole() ? List.of(aroundPole(outline)) : cutAtAntimeridian(outline.points());
        double steps = Math.pow(10, decimals(id.level()));
        return new CellPolygon(parts.stream().map(part -> rounded(part, steps)).toList());
    }

    /** Returns the decimals of a cell's coordinates in degrees: the step is at most a four-hundredth of the edge. */
    static int decimals(int level) {
        return level < 22 ? 7 : level < 25 ? 8 : level < 28 ? 9 : 10;
    }

    /** Returns a ring from one side of the map to the other along the boundary, and back along the pole. */
    private static List<R2Vector> aroundPole(CellOutline outline) {
        List<R2Vector> eastward = new ArrayList<>();
        for (R2Vector point : outline.points()) {
            double turns = Math.floor((point.x() + HALF_TURN) / TURN);
            eastward.add(new R2Vector(point.x() - TURN * turns, point.y()));
        }
        eastward.sort(Comparator.comparingDouble(R2Vector::x)); // the boundary runs one way around the pole
        R2Vector first = eastward.get(0);
        R2Vector last = eastward.get(eastward.size() - 1);
        R2Vector beforeFirst = new R2Vector(last.x() - TURN, last.y());
        double latitude = onMeridian(beforeFirst, first, -HALF_TURN).y();
        eastward.add(0, new R2Vector(-HALF_TURN, latitude));
        eastward.add(new R2Vector(HALF_TURN, latitude));
        double pole = outline.pole();
        eastward.add(new R2Vector(HALF_TURN, pole));
        eastward.add(new R2Vector(-HALF_TURN, pole));
        if (pole < 0) {
            Collections.reverse(eastward);
        }
        return eastward;
    }

    /** Returns the parts of a ring on every turn of the globe that it reaches, each shifted to −180° to 180°. */
    private static List<List<R2Vector>> cutAtAntimeridian(List<R2Vector> ring) {
        double west = ring.stream().mapToDouble(R2Vector::x).min().orElseThrow();
        double east = ring.stream().mapToDouble(R2Vector::x).max().orElseThrow();
        List<List<R2Vector>> parts = new ArrayList<>();
        for (double turn = Math.floor((west + HALF_TURN) / TURN); TURN * turn - HALF_TURN < east; turn++) {
            double shift = TURN * turn;
            List<R2Vector> inside = clipped(ring, shift - HALF_TURN, longitude -> longitude - (shift - HALF_TURN));
            inside = clipped(inside, shift + HALF_TURN, longitude -> shift + HALF_TURN - longitude);
            parts.add(inside.stream()
                    .map(point -> new R2Vector(point.x() - shift, point.y()))
                    .toList());
        }
        return parts;
    }

    /**
     * Clips a ring at one meridian (Sutherland and Hodgman). The algorithm returns one ring, which is correct here, because a
     * cell's boundary crosses a meridian at most twice.
     *
     * @param inside function of a longitude that is non-negative on the side to keep
     */
    private static List<R2Vector> clipped(List<R2Vector> ring, double meridian, DoubleUnaryOperator inside) {
        List<R2Vector> kept = new ArrayList<>();
        for (int i = 0; i < ring.size(); i++) {
            R2Vector point = ring.get(i);
            R2Vector next = ring.get((i + 1) % ring.size());
            double here = inside.applyAsDouble(point.x());
            double there = inside.applyAsDouble(next.x());
            if (here >= 0) {
                kept.add(point);
            }
            if (here * there < 0) {
                kept.add(onMeridian(point, next, meridian));
            }
        }
        return kept;
    }

    private static R2Vector onMeridian(R2Vector from, R2Vector to, double meridian) {
        double share = from.x() == to.x() ? 0 : (meridian - from.x()) / (to.x() - from.x());
        return new R2Vector(meridian, from.y() + share * (to.y() - from.y()));
    }

    private static List<LatLng> rounded(List<R2Vector> ring, double steps) {
        List<LatLng> places = new ArrayList<>();
        for (R2Vector point : ring) {
            LatLng place = new LatLng(Math.rint(point.y() * steps) / steps, Math.rint(point.x() * steps) / steps);
            if (places.isEmpty() || !places.get(places.size() - 1).equals(place)) {
                places.add(place);
            }
        }
        if (!places.get(0).equals(places.get(places.size() - 1))) {
            places.add(places.get(0));
        }
        return places;
    }
}
