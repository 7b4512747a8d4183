package io.planisphere.image;

import java.util.List;
import java.util.Optional;

/**
 * A turn, a uniform scale and a shift: the point (x, y) of a photo comes to lie at {@code (a·x - b·y + right, b·x + a·y + down)}
 * of the tensor. Pixels are meant by their numbers, as in OpenCV: the first one's centre is at 0.
 */
public record Similarity(double a, double b, double right, double down) implements Cut {

    /**
     * The similarity that brings points nearest to others, by the sum of squared distances: Umeyama, Least-Squares Estimation of
     * Transformation Parameters Between Two Point Patterns, IEEE PAMI 13(4), 1991, with scale. In the plane it has this closed
     * form: with points as complex numbers about their means, a + ib is their product with the others, over their own square.
     *
     * @param to as many points, in the same order
     * @return empty if the points all lie on one, which no scale brings apart
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
