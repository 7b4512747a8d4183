package io.planisphere.spark;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Status;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.OptOut;
import io.planisphere.vision.Scored;
import io.planisphere.vision.Scorer;
import java.io.Serializable;
import java.util.Iterator;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/**
 * A photo's way through a Spark task: from the source's iterator through the JVM's shared session to a row. It travels in
 * closures, so it holds broadcasts, accumulators and numbers only.
 *
 * @param batchSize crops of photos per call of the engine
 * @param optOut whose photos are not to be read
 */
record PhotoTask(RowMaker rows, ImageLimits limits, int batchSize, TaskMetrics metrics, Broadcast<OptOut> optOut)
        implements Serializable {

    /** One row per photo, in their order. What the task opens is closed when it ends, however it ends. */
    Iterator<Row> rowsOf(Iterator<EncodedImage> photos) {
        ModelPackage model = rows.model();
        Session session = Session.shared(model, TaskContext.get().cpus());
        Scorer scorer = new Scorer(counted(photos), session, model, rows.look(), limits, batchSize);
        whenTaskEnds(ended -> {
            metrics.add(scorer.times());
            scorer.close();
        });
        Function<Scored, Row> rowOf = rows.open();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return scorer.hasNext();
            }

            @Override
            public Row next() {
                Scored photo = scorer.next();
                metrics.photos().add(1);
                if (photo.status() != Status.OK) {
                    metrics.errors().add(1);
                }
                return rowOf.apply(photo);
            }
        };
    }

    /** Runs {@code close} at the end of the running Spark task, whether it succeeds or fails; last come, first served. */
    static void whenTaskEnds(TaskCompletionListener close) {
        TaskContext.get().addTaskCompletionListener(close); // typed, since lambdas fit two overloads
    }

    private Iterator<EncodedImage> counted(Iterator<EncodedImage> photos) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return photos.hasNext();
            }

            @Override
            public EncodedImage next() {
                EncodedImage photo = photos.next();
                if (photo instanceof EncodedImage.Ok encoded) {
                    metrics.bytes().add(encoded.bytes().length);
                }
                return photo;
            }
        };
    }
}
