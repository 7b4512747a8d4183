package io.planisphere.vision;

/**
 * A rectangle in pixels of the upright photo, from its top left corner. Edges are between pixels, so a box around the whole photo
 * extends from 0 to its width and height.
 */
public record Box(float xmin, float ymin, float xmax, float ymax) {
    public Box {
        if (!(xmin <= xmax) || !(ymin <= ymax)) {
            throw new IllegalArgumentException("A box must not end before it begins, got x from " + xmin + " to " + xmax
                    + " and y from " + ymin + " to " + ymax);
        }
    }

    /** Returns the area in square pixels. */
    public double area() {
        return ((double) xmax - xmin) * ((double) ymax - ymin);
    }

    /** Returns the intersection over union with another box, 0 to 1; 0 if both are empty. */
    public double iou(Box other) {
        double across = Math.min((double) xmax, other.xmax) - Math.max((double) xmin, other.xmin);
        double down = Math.min((double) ymax, other.ymax) - Math.max((double) ymin, other.ymin);
        if (across <= 0 || down <= 0) {
            return 0;
        }
        double intersection = across * down;
        return intersection / (area() + other.area() - intersection);
    }
}
