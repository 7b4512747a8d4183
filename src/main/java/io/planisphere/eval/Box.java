package io.planisphere.eval;

/** A rectangle of a photo, in pixels from its upper left corner; it may be empty. */
public record Box(double xmin, double ymin, double xmax, double ymax) {
    public Box {
        if (!(xmin <= xmax && ymin <= ymax)) { // also where one is NaN
            throw new IllegalArgumentException("A box must have xmin <= xmax and ymin <= ymax, got %s, %s, %s, %s"
                    .formatted(xmin, ymin, xmax, ymax));
        }
    }

    double area() {
        return (xmax - xmin) * (ymax - ymin);
    }

    /** The area in both over the area in either, 0 to 1. */
    double overlap(Box other) {
        double width = Math.min(xmax, other.xmax) - Math.max(xmin, other.xmin);
        double height = Math.min(ymax, other.ymax) - Math.max(ymin, other.ymin);
        if (width <= 0 || height <= 0) {
            return 0;
        }
        double both = width * height;
        return both / (area() + other.area() - both);
    }
}
