package io.planisphere.spark.rows;

import io.planisphere.image.Crop;
import io.planisphere.model.DetectionHead.Limits;
import io.planisphere.model.ModelPackage;
import io.planisphere.vision.Detection;
import io.planisphere.vision.Detector;
import io.planisphere.vision.InferenceSpec;
import io.planisphere.vision.Scored;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of {@code detect}: the objects in the photo, highest score first, their boxes in pixels of the upright photo. The array is
 * empty if there are none, and null if the status is not ok.
 *
 * @param limits minimum score and maximum number of objects
 */
public record DetectRows(Broadcast<ModelPackage> broadcast, Limits limits) implements RowMaker {
    private static final StructType OBJECT = new StructType()
            .add("label", DataTypes.StringType)
            .add("score", DataTypes.FloatType)
            .add("xmin", DataTypes.FloatType)
            .add("ymin", DataTypes.FloatType)
            .add("xmax", DataTypes.FloatType)
            .add("ymax", DataTypes.FloatType);
    private static final StructType SCHEMA = PHOTO_COLUMNS.add("objects", DataTypes.createArrayType(OBJECT));

    @Override
    public StructType schema() {
        return SCHEMA;
    }

    @Override
    public ModelPackage model() {
        return broadcast.value();
    }

    @Override
    public InferenceSpec inferenceSpec() {
        return new InferenceSpec(new Detector(model(), limits).outputs(), Crop.first(1));
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                "min-score", Double.toString(limits.minScore()),
                "iou", Double.toString(limits.iou()),
                "max-objects", Integer.toString(limits.maxObjects()));
    }

    @Override
    public Function<Scored, Row> open() {
        Detector detector = new Detector(model(), limits);
        List<String> labels = model().labels();
        return photo -> {
            Object[] values = RowMaker.begin(photo, SCHEMA.size());
            if (!photo.views().isEmpty()) {
                values[PHOTO_COLUMNS.size()] =
                        detector.detect(photo.views().get(0), photo.width(), photo.height()).stream()
                                .map(object -> row(object, labels))
                                .toArray(Row[]::new);
            }
            return RowFactory.create(values);
        };
    }

    private static Row row(Detection object, List<String> labels) {
        return RowFactory.create(
                labels.get(object.label()),
                object.score(),
                object.box().xmin(),
                object.box().ymin(),
                object.box().xmax(),
                object.box().ymax());
    }
}
