package io.planisphere.spark.rows;

import io.planisphere.image.Crop;
import io.planisphere.model.ModelPackage;
import io.planisphere.vision.Classifier;
import io.planisphere.vision.HalfFloat;
import io.planisphere.vision.InferenceSpec;
import io.planisphere.vision.Scored;
import io.planisphere.vision.SoftLabels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code classify}: the most probable labels and, on request, the probabilities of all labels in half precision, two
 * bytes each as encoded by {@link HalfFloat}. Null unless the status is ok.
 *
 * @param topK labels per row
 * @param crops crops averaged per photo, one of {@link Crop#COUNTS}
 * @param temperature temperature of the soft labels; null for rows without them
 */
public record ClassifyRows(
        Broadcast<ModelPackage> broadcast,
        int topK,
        int crops,
        @Nullable Double temperature) implements RowMaker {
    /** Default number of labels per row. */
    public static final int TOP_K = 5;

    /** The column with all probabilities, in half precision. */
    public static final String SOFT_LABELS = "soft_labels";

    private static final StructType LABEL = new StructType()
            .add("index", DataTypes.IntegerType)
            .add("label", DataTypes.StringType)
            .add("score", DataTypes.FloatType);
    private static final StructType SCHEMA = PHOTO_COLUMNS.add("labels", DataTypes.createArrayType(LABEL));

    @Override
    public StructType schema() {
        return temperature == null ? SCHEMA : SCHEMA.add(SOFT_LABELS, DataTypes.BinaryType);
    }

    @Override
    public ModelPackage model() {
        return broadcast.value();
    }

    @Override
    public InferenceSpec inferenceSpec() {
        return new InferenceSpec(List.of(Classifier.headOf(model()).output()), Crop.first(crops));
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings =
                new TreeMap<>(Map.of("top-k", Integer.toString(topK), "crops", Integer.toString(crops)));
        if (temperature != null) {
            settings.put("temperature", temperature.toString());
        }
        return settings;
    }

    @Override
    public Function<Scored, Row> open() {
        Classifier classifier = new Classifier(model(), topK);
        SoftLabels soft = temperature == null ? null : SoftLabels.ofClasses(model(), temperature);
        return photo -> {
            Object[] values = RowMaker.begin(photo, schema().size());
            if (!photo.views().isEmpty()) {
                values[PHOTO_COLUMNS.size()] = classifier.labels(photo.views()).stream()
                        .map(label -> RowFactory.create(label.index(), label.name(), label.probability()))
                        .toArray(Row[]::new);
                if (soft != null) {
                    values[PHOTO_COLUMNS.size() + 1] = HalfFloat.encode(soft.of(photo.views()));
                }
            }
            return RowFactory.create(values);
        };
    }
}
