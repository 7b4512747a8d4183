package io.planisphere.image;

import java.util.List;
import java.util.Optional;

/**
 * A similarity transform: rotation, uniform scale and translation. It maps the point (x, y) of a photo to {@code (a·x - b·y +
 * right, b·x + a·y + down)} in the tensor. Coordinates are pixel indices as in OpenCV: the centre of the first pixel is at 0.
 */
public record Similarity(double a, double b, double right, double down) implements Cut {

    /**
     * Returns the similarity that maps points to others with the least sum of squared distances: Umeyama, Least-Squares
     * Estimation of Transformation Parameters Between Two Point Patterns, IEEE PAMI 13(4), 1991, with scale. In the plane it has
     * this closed form: with points as complex numbers relative to their means, a + ib is their product with the other points,
     * divided by their own square.
     *
     * @param to the same number of points, in the same order
     * @return the similarity; empty if all points coincide, which no scale can separate
     */
    public static Optional<Similarity> between(List<Point> from, List<Point> to) {
        if (from.size() != to.size()) {
            throw new IllegalArgumentException("Each point needs another, got " + from.size() + " and " + to.size());
        }
        Point middle = mean(from);
        Point target = mean(to);
        double along = 0;
        double turned = 0;
        double square = 0;
        for (int i = 0; i < from.size(); i++) {
            double x = from.get(i).x() - middle.x();
            double y = from.get(i).y() - middle.y();
            double u = to.get(i).x() - target.x();
            double v = to.get(i).y() - target.y();
            along += x * u + y * v;
            turned += x * v - y * u;
            square += x * x + y * y;
        }
        double a = along / square;
        double b = turned / square;
        if (!Double.isFinite(a) || !Double.isFinite(b)) {
            return Optional.empty();
        }
        return Optional.of(new Similarity(
                a, b, target.x() - (a * middle.x() - b * middle.y()), target.y() - (b * middle.x() + a * middle.y())));
    }

    private static Point mean(List<Point> points) {
        return new Point(
                points.stream().mapToDouble(Point::x).average().orElse(0),
                points.stream().mapToDouble(Point::y).average().orElse(0));
    }
}
