package io.planisphere.spark.task;

import io.planisphere.image.DecodingTrial;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.image.TriedPhotos;
import io.planisphere.source.Access;
import io.planisphere.source.Mapped;
import io.planisphere.source.OptOut;
import io.planisphere.spark.progress.TaskMetrics;
import io.planisphere.spark.rows.JobRows;
import io.planisphere.spark.rows.PhotoRows;
import io.planisphere.spark.rows.TaskResources;
import io.planisphere.vision.StageTimes;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * A photo's way through a Spark task: from the source's iterator through the JVM's shared session to a row. It travels in
 * closures, so it holds broadcasts, accumulators and numbers only.
 *
 * @param device that its networks run on
 * @param batchSize crops or faces per call of the engine
 * @param optOut whose photos are not to be read
 * @param access what may be fetched
 * @param isIsolated whether photos are decoded on trial first, as in a batch that has ended its process before
 */
public record PhotoTask(
        JobRows rows,
        ImageLimits limits,
        Device device,
        int batchSize,
        TaskMetrics metrics,
        Broadcast<OptOut> optOut,
        Access access,
        boolean isIsolated)
        implements Serializable {
    /**
     * Attempts that may fail before photos are suspected: with one, a storage's hiccup would make a task slow; of the four that a
     * cluster allows, one is left over.
     */
    private static final int UNSUSPECTED = 2;

    /** A second of work, more or less, and too seldom to cost any. */
    private static final int ROWS_PER_REPORT = 64;

    private static final int STATUS = JobRows.PHOTO_COLUMNS.fieldIndex("status");

    /** The same with other rows. */
    public PhotoTask with(JobRows others) {
        return new PhotoTask(others, limits, device, batchSize, metrics, optOut, access, isIsolated);
    }

    /** One row per photo, in their order. What the task opens is closed when it ends, however it ends. */
    TaskRows rowsOf(Iterator<EncodedImage> photos) {
        TaskContext context = TaskContext.get();
        TaskResources resources = new TaskResources(device.processor(context), batchSize, context.cpus());
        PhotoRows made = rows.rowsOf(isolated(counted(photos)), limits, resources);
        TaskRows reported = new TaskRows(made);
        whenTaskEnds(ended -> {
            reported.reportTimes();
            made.close();
        });
        return reported;
    }

    /** Counts rows as they are made, and now and then says where the time went. */
    final class TaskRows implements Iterator<Row> {
        private final PhotoRows made;
        private StageTimes told = new StageTimes(0, 0, 0, 0);
        private int sinceTold;

        private TaskRows(PhotoRows made) {
            this.made = made;
        }

        @Override
        public boolean hasNext() {
            return made.hasNext();
        }

        @Override
        public Row next() {
            Row row = made.next();
            metrics.add(Status.ofCode(row.getString(STATUS)).orElseThrow());
            sinceTold++;
            if (sinceTold == ROWS_PER_REPORT) {
                reportTimes();
            }
            return row;
        }

        /** Files that were written beside the rows, by name; complete once all rows are made. */
        List<String> sideFiles() {
            return made.sideFiles();
        }

        private void reportTimes() {
            StageTimes now = made.times();
            metrics.add(now, told);
            told = now;
            sinceTold = 0;
        }
    }

    /** The same task, suspecting photos. */
    public PhotoTask withIsolatedDecoding() {
        return new PhotoTask(rows, limits, device, batchSize, metrics, optOut, access, true);
    }

    private Iterator<EncodedImage> isolated(Iterator<EncodedImage> photos) {
        // a lost executor may take shuffled references with it: then the stage begins anew, and attempts with it
        int attempts = TaskContext.get().attemptNumber() + TaskContext.get().stageAttemptNumber();
        if (rows.network().isEmpty() || (!isIsolated && attempts < UNSUSPECTED)) {
            return photos;
        }
        TriedPhotos tried = new TriedPhotos(photos, new DecodingTrial(limits));
        whenTaskEnds(ended -> tried.close());
        return tried;
    }

    /** Runs {@code close} at the end of the running Spark task, whether it succeeds or fails; last come, first served. */
    static void whenTaskEnds(TaskCompletionListener close) {
        TaskContext.get().addTaskCompletionListener(close); // typed, since lambdas fit two overloads
    }

    private Iterator<EncodedImage> counted(Iterator<EncodedImage> photos) {
        return new Mapped<>(photos, photo -> {
            if (photo instanceof EncodedImage.Ok encoded) {
                metrics.bytes().add(encoded.content().length());
            }
            return photo;
        });
    }
}
