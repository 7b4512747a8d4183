package io.planisphere.geo;

import com.google.common.geometry.S2ClosestPointQuery;
import com.google.common.geometry.S2PointIndex;
import java.util.OptionalInt;

/**
 * The oracle (true cell) of a partition: predicts the mean place of the cell that contains the photo, or the nearest mean for a
 * photo outside all cells. Its errors are those of the partition: no head over these cells can be expected to do better, although
 * the mean of a wrong neighbouring cell is occasionally nearer. Not thread-safe.
 */
public final class PerfectClassifier {
    private final Partition partition;
    private final S2ClosestPointQuery<Cell> nearest;

    /** @throws IllegalArgumentException if the partition has no cells */
    public PerfectClassifier(Partition partition) {
        if (partition.cells().isEmpty()) {
            throw new IllegalArgumentException("A partition without cells has nothing to predict");
        }
        this.partition = partition;
        S2PointIndex<Cell> means = new S2PointIndex<>();
        partition.cells().forEach(cell -> means.add(cell.mean().point(), cell));
        nearest = new S2ClosestPointQuery<>(means);
    }

    public LatLng predict(LatLng truth) {
        OptionalInt label = partition.labelOf(truth);
        Cell cell = label.isPresent()
                ? partition.cells().get(label.getAsInt())
                : nearest.findClosestPoint(truth.point()).entry().data();
        return cell.mean();
    }
}
