package io.planisphere.vision;

import com.google.common.geometry.S2Cell;
import io.planisphere.geo.Cell;
import io.planisphere.geo.LatLng;
import io.planisphere.geo.Partition;
import java.util.List;

/**
 * Places and radii of probabilities over cells; a cell's probability is at its mean place. Not thread-safe: it reuses its
 * buffers.
 */
public final class CellDistribution {
    private static final double HALF_CIRCUMFERENCE_KM = Math.PI * LatLng.EARTH_RADIUS_KM;

    private final List<Cell> cells;
    private final boolean isOfPlaces;
    private final double[] vectors; // unit vectors of the cells' mean places: x, y, z of cell i at 3i
    private final float[] chords;

    /** @param partition the cells, or the places, in the order of their probabilities */
    public CellDistribution(Partition partition) {
        this.cells = partition.cells();
        this.isOfPlaces = partition.isOfPlaces();
        vectors = new double[3 * cells.size()];
        for (int i = 0; i < cells.size(); i++) {
            vector(cells.get(i).mean(), vectors, 3 * i);
        }
        chords = new float[cells.size()];
    }

    /** Returns the most probable cell; of equal ones, the first. */
    public static int best(float[] probabilities) {
        return Probabilities.largest(probabilities, 1)[0];
    }

    /**
     * Returns the mean of the cells within a distance of the best one, weighted by probability, on the unit sphere.
     *
     * @param best the most probable cell
     * @param km from 0, for the best cell alone, to 5,000
     */
    public LatLng mean(float[] probabilities, int best, double km) {
        if (km == 0) {
            return cells.get(best).mean();
        }
        double limit = 2 * Math.sin(km / LatLng.EARTH_RADIUS_KM / 2);
        double x = 0;
        double y = 0;
        double z = 0;
        for (int i = 0; i < chords.length; i++) {
            if (squaredChord(i, vectors[3 * best], vectors[3 * best + 1], vectors[3 * best + 2]) <= limit * limit) {
                x += probabilities[i] * vectors[3 * i];
                y += probabilities[i] * vectors[3 * i + 1];
                z += probabilities[i] * vectors[3 * i + 2];
            }
        }
        return new LatLng(Math.toDegrees(Math.atan2(z, Math.hypot(x, y))), Math.toDegrees(Math.atan2(y, x)));
    }

    /**
     * Returns the radius around a place that holds a share of the probability. The best cell's own is spread over the cell: a
     * share of a round cell is within sqrt(share · area / π), which is the minimum result. A cell that stands for a place reaches
     * half-way to the nearest other place.
     *
     * @param best the most probable cell
     * @param share from above 0 to below 1
     */
    public double radiusKm(float[] probabilities, int best, LatLng place, double share) {
        double[] centre = new double[3];
        vector(place, centre, 0);
        float nearest = 4; // the squared diameter
        for (int i = 0; i < chords.length; i++) {
            chords[i] = (float) squaredChord(i, centre[0], centre[1], centre[2]);
            nearest = i == best ? nearest : Math.min(nearest, chords[i]);
        }
        double radians = radians(WeightedQuantile.of(chords, probabilities, share));
        double withinBest = isOfPlaces
                ? radians(nearest) / 2
                : Math.sqrt(share * new S2Cell(cells.get(best).id()).averageArea() / Math.PI);
        return LatLng.EARTH_RADIUS_KM * Math.max(radians, withinBest);
    }

    /** Returns a radius times a factor, at most half of the Earth's circumference. */
    static double scaled(double radiusKm, double factor) {
        return Math.min(HALF_CIRCUMFERENCE_KM, factor * radiusKm);
    }

    private static double radians(double squaredChord) {
        return 2 * Math.asin(Math.min(1, Math.sqrt(squaredChord) / 2));
    }

    private double squaredChord(int cell, double x, double y, double z) {
        double dx = vectors[3 * cell] - x;
        double dy = vectors[3 * cell + 1] - y;
        double dz = vectors[3 * cell + 2] - z;
        return dx * dx + dy * dy + dz * dz;
    }

    private static void vector(LatLng place, double[] to, int at) {
        double latitude = Math.toRadians(place.latitude());
        double longitude = Math.toRadians(place.longitude());
        to[at] = Math.cos(latitude) * Math.cos(longitude);
        to[at + 1] = Math.cos(latitude) * Math.sin(longitude);
        to[at + 2] = Math.sin(latitude);
    }
}
