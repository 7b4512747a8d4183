package io.planisphere.spark.function;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;

/** Evaluates one call photo by photo, in a task or on the driver. What a task needs is opened by its first photo. */
final class RowByRow implements Serializable {
    private static final long serialVersionUID = 1;

    private final PhotoQuery query;
    private transient @Nullable SinglePhotos evaluation;

    RowByRow(PhotoQuery query) {
        this.query = query;
    }

    /** Returns the value of one photo. */
    InternalRow value(byte @Nullable [] photo) {
        TaskContext task = TaskContext.get();
        if (task == null) {
            // Spark evaluates small queries without a job
            try (SinglePhotos single = SinglePhotos.onDriver(query)) {
                return single.value(photo);
            }
        }
        SinglePhotos open = evaluation;
        if (open == null || !open.isOf(task)) {
            open = SinglePhotos.in(task, query);
            evaluation = open;
        }
        return open.value(photo);
    }
}
