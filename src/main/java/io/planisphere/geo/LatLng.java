package io.planisphere.geo;

import com.google.common.geometry.S2CellId;
import com.google.common.geometry.S2LatLng;
import com.google.common.geometry.S2Point;
import java.util.Optional;

/**
 * A place on the sphere.
 *
 * @param latitude degrees north, −90 to 90
 * @param longitude degrees east, −180 to 180
 */
public record LatLng(double latitude, double longitude) {
    /** The radius of the sphere on which geolocation papers measure their errors. */
    public static final double EARTH_RADIUS_KM = 6371;

    /** Throws for NaN and values out of range, for which S2 would silently return a cell. */
    public LatLng {
        if (!(Math.abs(latitude) <= 90)) {
            throw new IllegalArgumentException("Latitude must be in [-90, 90] degrees, got " + latitude);
        }
        if (!(Math.abs(longitude) <= 180)) {
            throw new IllegalArgumentException("Longitude must be in [-180, 180] degrees, got " + longitude);
        }
    }

    /** Returns the place, or empty if the coordinates are invalid; use this for untrusted data. */
    public static Optional<LatLng> of(double latitude, double longitude) {
        boolean possible = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
        return possible ? Optional.of(new LatLng(latitude, longitude)) : Optional.empty();
    }

    /**
     * Returns the great-circle distance. The arctangent formula (Vincenty's on a sphere) is precise for near and for antipodal
     * points, where arccosine and haversine formulas lose precision.
     */
    public double distanceKm(LatLng other) {
        double phi = Math.toRadians(latitude);
        double otherPhi = Math.toRadians(other.latitude);
        double lambda = Math.toRadians(other.longitude - longitude);
        double across = Math.cos(otherPhi) * Math.sin(lambda);
        double along = Math.cos(phi) * Math.sin(otherPhi) - Math.sin(phi) * Math.cos(otherPhi) * Math.cos(lambda);
        double dot = Math.sin(phi) * Math.sin(otherPhi) + Math.cos(phi) * Math.cos(otherPhi) * Math.cos(lambda);
        return EARTH_RADIUS_KM * Math.atan2(Math.hypot(across, along), dot);
    }

    /** Returns the S2 cell of level 30 that contains the place. */
    public S2CellId leaf() {
        return S2CellId.fromPoint(point());
    }

    S2Point point() {
        return S2LatLng.fromDegrees(latitude, longitude).toPoint();
    }
}
