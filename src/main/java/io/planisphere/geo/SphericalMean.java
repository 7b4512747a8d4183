package io.planisphere.geo;

import com.google.common.geometry.S2LatLng;
import com.google.common.geometry.S2Point;
import java.util.Optional;

/**
 * The sum of places as points of the unit sphere, in fixed point. It is exact, so the mean does not depend on the order or
 * grouping in which places were added. Averaging degrees would be wrong: the mean of 179° and −179° is 180°, not 0°.
 *
 * @param places number of places
 * @param x sum of x · 2³² over the places; the axis runs through 0° N 0° E
 * @param y the same for 0° N 90° E
 * @param z the same for the north pole
 */
public record SphericalMean(long places, long x, long y, long z) {
    /** The empty sum. */
    public static final SphericalMean NONE = new SphericalMean(0, 0, 0, 0);

    // 2^-32 of the Earth's radius is 1.5 mm; 2^31 places fit before a sum can overflow, for which plus() throws
    private static final double SCALE = 0x1p32;

    /** Means are rounded to steps of 1e-7 degrees, 1 cm, the precision of the fixed point. */
    private static final double STEPS_PER_DEGREE = 1e7;

    /** Returns the sum of one place. */
    public static SphericalMean of(LatLng place) {
        S2Point point = place.point();
        return new SphericalMean(
                1,
                Math.round(point.getX() * SCALE),
                Math.round(point.getY() * SCALE),
                Math.round(point.getZ() * SCALE));
    }

    /**
     * Returns the sum of both.
     *
     * @throws ArithmeticException over about 2³¹ places
     */
    public SphericalMean plus(SphericalMean other) {
        return new SphericalMean(
                Math.addExact(places, other.places),
                Math.addExact(x, other.x),
                Math.addExact(y, other.y),
                Math.addExact(z, other.z));
    }

    /**
     * Returns the place below the mean point. Empty if there are no places or they cancel out (antipodes), so that the mean point
     * is within a millionth of the Earth's radius of its centre; places of one S2 cell never do, because they are within 55° of
     * its centre.
     */
    public Optional<LatLng> place() {
        double length = Math.hypot(Math.hypot((double) x, (double) y), (double) z);
        if (length <= places * SCALE * 1e-6) {
            return Optional.empty();
        }
        S2LatLng mean = new S2LatLng(new S2Point(x / length, y / length, z / length));
        return Optional.of(new LatLng(rounded(mean.latDegrees()), rounded(mean.lngDegrees())));
    }

    private static double rounded(double degrees) {
        return Math.rint(degrees * STEPS_PER_DEGREE) / STEPS_PER_DEGREE;
    }
}
