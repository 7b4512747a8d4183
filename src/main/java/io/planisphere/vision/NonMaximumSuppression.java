package io.planisphere.vision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Keeps one of the many boxes that a detector outputs for the same object: in order of descending score, a box is dropped if it
 * overlaps a kept one of its class by more than a threshold (greedy, per class, as in Liu et al., SSD, arXiv 1512.02325, section
 * 2.2). Of equal scores the earlier box comes first, so that the result is deterministic.
 */
final class NonMaximumSuppression {
    private final double iou;

    /** @param iou maximum intersection over union of two objects of a class */
    NonMaximumSuppression(double iou) {
        this.iou = iou;
    }

    /**
     * Returns the kept boxes, highest score first. Each box is compared with kept ones only: O(n · maxObjects) after sorting.
     *
     * @param maxObjects maximum number of kept boxes, over all classes
     */
    List<Detection> of(List<Detection> boxes, long maxObjects) {
        List<Detection> sorted = new ArrayList<>(boxes);
        sorted.sort(Comparator.comparing(Detection::score, Comparator.reverseOrder())); // a stable sort
        List<Detection> kept = new ArrayList<>();
        for (Detection box : sorted) {
            if (kept.size() == maxObjects) {
                break;
            }
            if (kept.stream().noneMatch(better -> isSame(better, box))) {
                kept.add(box);
            }
        }
        return List.copyOf(kept);
    }

    private boolean isSame(Detection better, Detection box) {
        return better.label() == box.label() && better.box().iou(box.box()) > iou;
    }
}
