package io.planisphere.earth;

import io.planisphere.geo.LatLng;
import java.util.random.RandomGenerator;

/**
 * A square view straight down on the Earth in gnomonic projection.
 *
 * @param centre what stands in the middle
 * @param widthDegrees the angle from the left edge to the right one, seen from the centre of the Earth
 * @param rotationDegrees counter-clockwise; 0 has north at the top
 */
record Window(LatLng centre, double widthDegrees, double rotationDegrees) {
    /** As the trial measured, so that the figures compare. */
    static final double WIDTH_DEGREES = 10;

    // The projection is exact at 17 x 17 points and bilinear between them: within 0.02 pixels at 12 degrees and 128
    // pixels.
    private static final int GRID = 17;

    static Window plain(LatLng centre) {
        return new Window(centre, WIDTH_DEGREES, 0);
    }

    /** 8 to 12 degrees wide, turned by up to 10 degrees either way, centred within {@code shiftDegrees} of the place. */
    static Window around(LatLng place, double shiftDegrees, RandomGenerator random) {
        double shift = shiftDegrees * Math.sqrt(random.nextDouble());
        double direction = 2 * Math.PI * random.nextDouble();
        double latitude = Math.max(-89, Math.min(89, place.latitude() + shift * Math.sin(direction)));
        double longitude = place.longitude() + shift * Math.cos(direction) / Math.cos(Math.toRadians(latitude));
        return new Window(
                new LatLng(latitude, Math.IEEEremainder(longitude, 360)),
                random.nextDouble(8, 12),
                random.nextDouble(-10, 10));
    }

    /** Renders {@code size} x {@code size} pixels, one plane per channel of the map, values 0 to 255. */
    void render(Raster map, int size, float[] planes) {
        double[] columns = new double[GRID * GRID];
        double[] rows = new double[GRID * GRID];
        project(map, columns, rows);
        for (int y = 0; y < size; y++) {
            double gridY = (y + 0.5) / size * (GRID - 1);
            int j = Math.min(GRID - 2, (int) gridY);
            double down = gridY - j;
            for (int x = 0; x < size; x++) {
                double gridX = (x + 0.5) / size * (GRID - 1);
                int i = Math.min(GRID - 2, (int) gridX);
                double along = gridX - i;
                int at = j * GRID + i;
                map.sample(
                        between(columns, at, along, down),
                        between(rows, at, along, down),
                        planes,
                        y * size + x,
                        size * size);
            }
        }
    }

    private static double between(double[] grid, int at, double along, double down) {
        double above = grid[at] + (grid[at + 1] - grid[at]) * along;
        double below = grid[at + GRID] + (grid[at + GRID + 1] - grid[at + GRID]) * along;
        return above + (below - above) * down;
    }

    private void project(Raster map, double[] columns, double[] rows) {
        double latitude = Math.toRadians(centre.latitude());
        double sin = Math.sin(latitude);
        double cos = Math.cos(latitude);
        double half = Math.tan(Math.toRadians(widthDegrees / 2));
        double turnCos = Math.cos(Math.toRadians(rotationDegrees));
        double turnSin = Math.sin(Math.toRadians(rotationDegrees));
        for (int j = 0; j < GRID; j++) {
            for (int i = 0; i < GRID; i++) {
                double u = (2.0 * i / (GRID - 1) - 1) * half;
                double v = (1 - 2.0 * j / (GRID - 1)) * half;
                double east = u * turnCos - v * turnSin;
                double north = u * turnSin + v * turnCos;
                // the point (1, east, north) of the tangent plane, turned to the window's latitude
                double axis = sin + north * cos;
                double out = cos - north * sin;
                double pointLatitude = Math.toDegrees(Math.atan2(axis, Math.hypot(out, east)));
                double pointLongitude = centre.longitude() + Math.toDegrees(Math.atan2(east, out));
                columns[j * GRID + i] = (pointLongitude + 180) / 360 * map.width() - 0.5;
                rows[j * GRID + i] = (90 - pointLatitude) / 180 * map.height() - 0.5;
            }
        }
    }
}
