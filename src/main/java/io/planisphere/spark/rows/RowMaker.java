package io.planisphere.spark.rows;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.infer.Processor;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.vision.InferenceSpec;
import io.planisphere.vision.PhotoPath;
import io.planisphere.vision.PooledScorer;
import io.planisphere.vision.Scored;
import io.planisphere.vision.Scorer;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** The rows of a job that runs one network on whole photos: how its scores become values. */
public interface RowMaker extends JobRows {
    /** Returns the package recorded for the output. */
    ModelPackage model();

    @Override
    default Optional<ModelPackage> network() {
        return Optional.of(model());
    }

    /** Returns the network's inputs from each photo and its outputs. */
    InferenceSpec inferenceSpec();

    /** Returns a function that makes the rows of one task; not thread-safe. */
    Function<Scored, Row> open();

    @Override
    default PhotoRows rowsOf(Iterator<EncodedImage> photos, ImageLimits limits, TaskResources equipment) {
        Session session = Session.shared(model(), equipment.processor());
        int batchSize = equipment.batchSize();
        PhotoPath<Scored> path = equipment.processor() instanceof Processor.Gpu
                ? new PooledScorer(photos, session, model(), inferenceSpec(), limits, batchSize, equipment.decoders())
                : new Scorer(photos, session, model(), inferenceSpec(), limits, batchSize);
        return PhotoRows.of(path, open());
    }

    /** Returns the values of a new row, with the photo's columns filled in. */
    static Object[] begin(Scored photo, int columns) {
        Object[] values = new Object[columns];
        values[0] = photo.id();
        values[1] = photo.uri();
        values[2] = photo.status().code();
        values[3] = photo.detail();
        values[4] = photo.width() == 0 ? null : photo.width();
        values[5] = photo.height() == 0 ? null : photo.height();
        return values;
    }
}
