package io.planisphere.vision;

import io.planisphere.image.Cut;
import io.planisphere.image.Region;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The rule for which boxes of a detector are faces, and which part of the photo the second network gets for each.
 *
 * @param label the detector's label of faces
 * @param scales number of scales of the detector, see {@link Tiles}
 * @param minFace minimum length of a box's longer side, in pixels of the upright photo
 * @param margin side of the square crop, as a multiple of the box's longer side
 * @param aligned side of the tensor in pixels, if faces are aligned to the {@link ArcFaceTemplate} instead
 */
public record FaceRule(int label, int scales, double minFace, double margin, OptionalInt aligned) {

    boolean isKept(Detection detection) {
        return detection.label() == label && longerSide(detection.box()) >= minFace;
    }

    /** Returns the cut of a face; empty if the face cannot be aligned because all its landmarks coincide. */
    Optional<? extends Cut> cut(Detection face) {
        return aligned.isPresent()
                ? ArcFaceTemplate.align(face.landmarks(), aligned.getAsInt())
                : Optional.of(around(face.box()));
    }

    /** Returns the square around the box's centre, in whole pixels. */
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
