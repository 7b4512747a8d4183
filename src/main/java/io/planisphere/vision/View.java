package io.planisphere.vision;

import io.planisphere.image.Region;
import io.planisphere.infer.Inferred;
import java.util.Optional;

/**
 * What a detector said of a part of a photo.
 *
 * @param part in pixels of the upright photo, within it
 */
public record View(Region part, Inferred.Outputs outputs) {
    /** In sides of the part: a box that ends nearer to an edge inside the photo is taken for one that the edge cuts. */
    private static final double CUT = 0.01;

    /**
     * A box of the photo from one of the part; empty if it is cut, so that only another view can show all of it.
     *
     * @param box from the part's top left corner
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
