package io.planisphere.spark.function;

import io.planisphere.image.EncodedImage;
import io.planisphere.infer.Processor;
import io.planisphere.spark.rows.PhotoRows;
import io.planisphere.spark.rows.TaskResources;
import io.planisphere.spark.task.PhotoTask;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Computes values photo by photo, for calls that Spark evaluates row by row. Thread-safe, because Spark may end a task while a
 * thread that feeds Python still evaluates. Owns native memory until it is closed.
 */
final class SinglePhotos implements AutoCloseable {
    private final @Nullable TaskContext task;
    private final PhotoQuery query;
    private final NextPhoto next = new NextPhoto();
    private final PhotoRows rows;
    private final Function<Row, InternalRow> toValues;
    private boolean isClosed;

    private SinglePhotos(@Nullable TaskContext task, PhotoQuery query) {
        this.task = task;
        this.query = query;
        Processor processor = new Processor.Cpu(task == null ? 1 : task.cpus());
        Iterator<EncodedImage> photos = task == null ? next : PhotoTask.isolatedAfterFailures(next, query.limits());
        rows = query.rows().rowsOf(photos, query.limits(), new TaskResources(processor, query.batchSize(), 1));
        toValues = query.toValues();
    }

    /** Opens what a task needs; it is closed when the task ends. */
    static SinglePhotos in(TaskContext task, PhotoQuery query) {
        SinglePhotos opened = new SinglePhotos(task, query);
        TaskCompletionListener close = ended -> opened.close();
        task.addTaskCompletionListener(close);
        return opened;
    }

    /** Opens what the driver needs; the caller must close it. */
    static SinglePhotos onDriver(PhotoQuery query) {
        return new SinglePhotos(null, query);
    }

    boolean isOf(TaskContext other) {
        return task == other;
    }

    /** Returns the value of one photo. */
    synchronized InternalRow value(byte @Nullable [] content) {
        if (isClosed) {
            throw new IllegalStateException("The task has ended");
        }
        next.photo = query.photo(content);
        return toValues.apply(rows.next());
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            rows.close();
        }
    }

    /** At most one photo; the scorers ask again after it was taken. */
    private static final class NextPhoto implements Iterator<EncodedImage> {
        private @Nullable EncodedImage photo;

        @Override
        public boolean hasNext() {
            return photo != null;
        }

        @Override
        public EncodedImage next() {
            EncodedImage taken = photo;
            if (taken == null) {
                throw new NoSuchElementException();
            }
            photo = null;
            return taken;
        }
    }
}
