package io.planisphere.spark.task;

import io.planisphere.image.DecodingTrial;
import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.image.TriedPhotos;
import io.planisphere.infer.Processor;
import io.planisphere.infer.Session;
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
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.LoggerFactory;

/**
 * The work of a Spark task: from the source's iterator of photos through the JVM's shared session to rows. It is serialised in
 * closures, so it holds only broadcasts, accumulators and numbers.
 *
 * @param device device that networks run on
 * @param batchSize crops or faces per inference call
 * @param optOut list of photos and users whose photos must not be read
 * @param access rules for what may be fetched
 * @param isIsolated whether photos are first decoded in a separate process, as in a batch that has crashed its process before
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
     * Task attempts that may fail before isolated decoding starts. With one, a transient storage failure would already make the
     * task slow; with two, one of the four attempts that a cluster allows is still in reserve.
     */
    private static final int UNSUSPECTED = 2;

    /** About one second of work: rare enough to cost nothing. */
    private static final int ROWS_PER_REPORT = 64;

    private static final int STATUS = JobRows.PHOTO_COLUMNS.fieldIndex("status");

    /** Returns this task with other rows. */
    public PhotoTask with(JobRows others) {
        return new PhotoTask(others, limits, device, batchSize, metrics, optOut, access, isIsolated);
    }

    /**
     * Opens the networks in the background where tasks will run in this process, so that a second core works while the driver
     * plans. A task that needs a network earlier waits for it. What fails here fails again in a task, which reports it.
     *
     * @return the thread that opens them; empty if tasks run elsewhere
     */
    public Optional<Thread> openNetworksAhead(SparkContext spark) {
        if (device != Device.CPU || !spark.isLocal()) {
            return Optional.empty();
        }
        Processor processor = new Processor.Cpu(spark.conf().getInt("spark.task.cpus", 1));
        Thread opening = new Thread(
                () -> {
                    try {
                        rows.networks().forEach(network -> Session.shared(network, processor));
                    } catch (RuntimeException | LinkageError e) {
                        LoggerFactory.getLogger(PhotoTask.class).debug("A network could not be opened ahead", e);
                    }
                },
                "planisphere-open-networks");
        opening.setDaemon(true);
        opening.start();
        return Optional.of(opening);
    }

    /** Returns one row per photo, in order. Everything that the task opens is closed when it ends, also when it fails. */
    public TaskRows rowsOf(Iterator<EncodedImage> photos) {
        TaskContext context = TaskContext.get();
        TaskResources resources = new TaskResources(device.processor(context), batchSize, context.cpus());
        PhotoRows made = rows.rowsOf(isolated(counted(photos)), limits, resources);
        TaskRows reported = new TaskRows(made);
        whenTaskEnds(ended -> reported.end());
        return reported;
    }

    /**
     * Counts rows as they are made, and periodically reports the time per stage. Thread-safe, because a query may end a task while
     * a thread that feeds Python still reads rows.
     */
    public final class TaskRows implements Iterator<Row> {
        private final PhotoRows made;
        private StageTimes told = new StageTimes(0, 0, 0, 0);
        private int sinceTold;
        private boolean hasEnded;

        private TaskRows(PhotoRows made) {
            this.made = made;
        }

        @Override
        public synchronized boolean hasNext() {
            return !hasEnded && made.hasNext();
        }

        @Override
        public synchronized Row next() {
            if (hasEnded) {
                throw new NoSuchElementException();
            }
            Row row = made.next();
            metrics.add(Status.ofCode(row.getString(STATUS)).orElseThrow());
            sinceTold++;
            if (sinceTold == ROWS_PER_REPORT) {
                reportTimes();
            }
            return row;
        }

        /** Returns the names of files written beside the rows; complete once all rows are made. */
        List<String> sideFiles() {
            return made.sideFiles();
        }

        private synchronized void end() {
            hasEnded = true;
            reportTimes();
            made.close();
        }

        private void reportTimes() {
            StageTimes now = made.times();
            metrics.add(now, told);
            told = now;
            sinceTold = 0;
        }
    }

    /** Returns this task with isolated decoding. */
    public PhotoTask withIsolatedDecoding() {
        return new PhotoTask(rows, limits, device, batchSize, metrics, optOut, access, true);
    }

    private Iterator<EncodedImage> isolated(Iterator<EncodedImage> photos) {
        if (rows.network().isEmpty()) {
            return photos;
        }
        return isIsolated ? isolated(photos, limits) : isolatedAfterFailures(photos, limits);
    }

    /**
     * Returns the photos as they are, or, if attempts at the running Spark task have failed before, after isolated decoding. The
     * processes for it end with the task.
     */
    public static Iterator<EncodedImage> isolatedAfterFailures(Iterator<EncodedImage> photos, ImageLimits limits) {
        // a lost executor may lose shuffled references: then the stage is attempted again, and its task attempts are
        // counted from 0
        int attempts = TaskContext.get().attemptNumber() + TaskContext.get().stageAttemptNumber();
        return attempts < UNSUSPECTED ? photos : isolated(photos, limits);
    }

    private static Iterator<EncodedImage> isolated(Iterator<EncodedImage> photos, ImageLimits limits) {
        TriedPhotos tried = new TriedPhotos(photos, new DecodingTrial(limits));
        whenTaskEnds(ended -> tried.close());
        return tried;
    }

    /**
     * Runs {@code close} at the end of the running Spark task, whether it succeeds or fails, in reverse order of registration.
     */
    static void whenTaskEnds(TaskCompletionListener close) {
        TaskContext.get().addTaskCompletionListener(close); // typed, because a lambda would match two overloads
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
