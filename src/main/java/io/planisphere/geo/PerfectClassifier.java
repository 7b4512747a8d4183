package io.planisphere.geo;

import com.google.common.geometry.S2ClosestPointQuery;
import com.google.common.geometry.S2PointIndex;
import java.util.OptionalInt;

/**
 * What a classifier over a partition would answer if it never erred: the mean place of the cell that holds the photo, and,
 * for a photo in no cell, the nearest mean. The distances that remain are the partition's own: no head over these cells can be
 * expected to do better, though now and then a wrong neighbour's mean is nearer. For one thread.
 */
public final class PerfectClassifier {
    private final Partition partition;
    private final S2ClosestPointQuery<Cell> nearest;

    /** @throws IllegalArgumentException if the partition has no cells */
    public PerfectClassifier(Partition partition) {
        if (partition.cells().isEmpty()) {
            throw new IllegalArgumentException("A partition without cells has no answers");
        }
        this.partition = partition;
        S2PointIndex<Cell> means = new S2PointIndex<>();
        partition.cells().forEach(cell -> means.add(cell.mean().point(), cell));
        nearest = new S2ClosestPointQuery<>(means);
    }

    public LatLng answer(LatLng truth) {
        OptionalInt label = partition.labelOf(truth);
        Cell cell = label.isPresent()
                ? partition.cells().get(label.getAsInt())
                : nearest.findClosestPoint(truth.point()).entry().data();
        return cell.mean();
    }
}
