package io.planisphere.vision;

import io.planisphere.image.Cut;
import io.planisphere.image.Region;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which boxes of a detector are faces, and what of the photo the second network sees of them.
 *
 * @param label of faces among the detector's
 * @param scales at which the detector sees a photo, as {@link Tiles} says
 * @param minFace longer side of the smallest box that counts, in pixels of the upright photo
 * @param margin side of the square shown, in longer sides of the box
 * @param aligned side of the tensor in pixels, if faces are brought to the {@link ArcFaceTemplate} instead
 */
public record FaceRule(int label, int scales, double minFace, double margin, OptionalInt aligned) {

    boolean isKept(Detection detection) {
        return detection.label() == label && longerSide(detection.box()) >= minFace;
    }

    /** Empty if the face cannot be aligned: its landmarks all lie on one point. */
    Optional<? extends Cut> cut(Detection face) {
        return aligned.isPresent()
                ? ArcFaceTemplate.align(face.landmarks(), aligned.getAsInt())
                : Optional.of(around(face.box()));
    }

    /** The square about the box's centre, in whole pixels. */
    private Region around(Box box) {
        int side = Math.max(1, (int) Math.floor(margin * longerSide(box) + 0.5));
        return Region.square(start(box.xmin(), box.xmax(), side), start(box.ymin(), box.ymax(), side), side);
    }

    private static int start(float min, float max, int side) {
        return (int) Math.floor(((double) min + max - side) / 2 + 0.5);
    }

    private static double longerSide(Box box) {
        return Math.max((double) box.xmax() - box.xmin(), (double) box.ymax() - box.ymin());
    }
}
