package io.planisphere.vision;

import io.planisphere.image.Point;
import io.planisphere.model.Anchor;
import io.planisphere.model.DetectionHead.Boxes;
import io.planisphere.model.DetectionHead.Coding;
import io.planisphere.model.DetectionHead.Order;
import java.util.List;
import java.util.Optional;

/** Decodes the four numbers of a box that a network outputs into a box in the photo. */
final class BoxDecoder {
    private final Boxes rule;
    private final List<Anchor> anchors;
    private final int x; // index of x in a pair
    private final int y;

    /** @param anchors one anchor per box, if the rule's coding is relative to anchors */
    BoxDecoder(Boxes rule, List<Anchor> anchors) {
        this.rule = rule;
        this.anchors = anchors;
        x = rule.order() == Order.XYXY ? 0 : 1;
        y = 1 - x;
    }

    /**
     * Returns the part of a box inside the photo.
     *
     * @param codes four numbers per box
     * @param i index of the box
     * @param width width of the photo in pixels
     * @param height height of the photo in pixels
     * @return the part; empty if the box is outside the photo
     */
    Optional<Box> box(float[] codes, int i, int width, int height) {
        if (rule.coding() == Coding.CORNERS) {
            return clipped(
                    codes[4 * i + x], codes[4 * i + y], codes[4 * i + 2 + x], codes[4 * i + 2 + y], width, height);
        }
        // The box coder of Faster R-CNN, which SSD uses as well (arXiv 1512.02325, equation 2; in TensorFlow's Object
        // Detection
        // API faster_rcnn_box_coder.py): the centre moves by multiples of the anchor's size, the size is scaled by an
        // exponential.
        Anchor anchor = anchors.get(i);
        double xCentre = anchor.xCentre() + scaled(codes, i, x) * anchor.width();
        double yCentre = anchor.yCentre() + scaled(codes, i, y) * anchor.height();
        double halfWidth = Math.exp(scaled(codes, i, 2 + x)) * anchor.width() / 2;
        double halfHeight = Math.exp(scaled(codes, i, 2 + y)) * anchor.height() / 2;
        return clipped(
                xCentre - halfWidth, yCentre - halfHeight, xCentre + halfWidth, yCentre + halfHeight, width, height);
    }

    /**
     * Returns a landmark in pixels; it may be outside the photo.
     *
     * @param codes codes of all points of all boxes
     * @param at index of this point's two codes
     * @param i index of the box
     */
    Point point(float[] codes, int at, int i, int width, int height) {
        double across = codes[at + x];
        double down = codes[at + y];
        if (rule.coding() == Coding.ANCHORS) {
            // decoded like the centre of a box (Deng et al., RetinaFace, CVPR 2020, and its published decoders)
            Anchor anchor = anchors.get(i);
            across = anchor.xCentre() + across / rule.scales().get(x) * anchor.width();
            down = anchor.yCentre() + down / rule.scales().get(y) * anchor.height();
        }
        return new Point(across * width, down * height);
    }

    private double scaled(float[] codes, int i, int at) {
        return codes[4 * i + at] / rule.scales().get(at);
    }

    private static Optional<Box> clipped(double xmin, double ymin, double xmax, double ymax, int width, int height) {
        float left = pixel(xmin, width);
        float top = pixel(ymin, height);
        float right = pixel(xmax, width);
        float bottom = pixel(ymax, height);
        return left < right && top < bottom ? Optional.of(new Box(left, top, right, bottom)) : Optional.empty();
    }

    private static float pixel(double fraction, int side) {
        return (float) (Math.max(0, Math.min(1, fraction)) * side);
    }
}
