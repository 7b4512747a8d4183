package io.planisphere.vision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Keeps one of the many boxes that a detector draws around the same object: from the highest score down, a box is dropped if
 * it overlaps a kept one of its class by more than a threshold (greedy, per class, as in Liu et al., SSD, arXiv 1512.02325,
 * section 2.2). Of equal scores the earlier box comes first, so that the answer does not depend on the machine.
 */
final class NonMaximumSuppression {
    private final double iou;

    /**
     * @param iou largest intersection over union that two objects of a class may have
     */
    NonMaximumSuppression(double iou) {
        this.iou = iou;
    }

    /**
     * What is kept, highest score first. Each box is compared with kept ones only: O(n · maxObjects) after sorting.
     *
     * @param maxObjects where it stops, over all classes
     */
    List<Detection> of(List<Detection> boxes, long maxObjects) {
        List<Detection> sorted = new ArrayList<>(boxes);
        sorted.sort(Comparator.comparing(Detection::score, Comparator.reverseOrder())); // stable
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
