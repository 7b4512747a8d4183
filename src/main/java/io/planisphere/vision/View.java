package io.planisphere.vision;

import io.planisphere.image.Region;
import io.planisphere.infer.Inferred;
import java.util.Optional;

/**
 * A detector's outputs for a part of a photo.
 *
 * @param part region in pixels of the upright photo, inside it
 */
public record View(Region part, Inferred.Outputs outputs) {
    /** As a fraction of the part's side: a box that ends nearer than this to an inner edge counts as cut by the edge. */
    private static final double CUT = 0.01;

    /**
     * Converts a box of the part to a box of the photo; empty if the part's edge cuts it, so that only another view can show the
     * whole object.
     *
     * @param box box relative to the part's top left corner
     */
    Optional<Box> placed(Box box, int width, int height) {
        double across = CUT * part.width();
        double down = CUT * part.height();
        boolean isCut = (part.left() > 0 && box.xmin() < across)
                || (part.top() > 0 && box.ymin() < down)
                || (part.left() + part.width() < width && box.xmax() > part.width() - across)
                || (part.top() + part.height() < height && box.ymax() > part.height() - down);
        return isCut
                ? Optional.empty()
                : Optional.of(new Box(
                        part.left() + box.xmin(),
                        part.top() + box.ymin(),
                        part.left() + box.xmax(),
                        part.top() + box.ymax()));
    }
}
