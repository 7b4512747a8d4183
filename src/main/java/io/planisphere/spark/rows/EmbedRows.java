package io.planisphere.spark.rows;

import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.vision.HalfFloat;
import io.planisphere.vision.InferenceSpec;
import io.planisphere.vision.Scored;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows of {@code embed}: the network's feature vector of the photo; null unless the status is ok. */
public record EmbedRows(Broadcast<ModelPackage> broadcast, Precision precision, Length length) implements RowMaker {
    /** The setting for the precision of stored numbers. */
    public static final String PRECISION = "precision";
    /** The setting for scaling vectors to length one: {@code true} or {@code false}. */
    public static final String NORMALIZE = "normalize";

    /** The storage format of a vector. */
    public enum Precision {
        /** Array of floats. */
        FLOAT,
        /** Binary, two bytes per number as encoded by {@link HalfFloat}. */
        HALF
    }

    /** The length of a vector. */
    public enum Length {
        /** As the network outputs it. */
        FREE,
        /** One, by the Euclidean norm; a zero vector stays zero. */
        UNIT
    }

    /**
     * Returns the package, after checking that it has an embedding.
     *
     * @throws ModelPackageException if it has no embedding
     */
    public static ModelPackage requireEmbedding(ModelPackage files) {
        if (files.embedding().isEmpty()) {
            throw new ModelPackageException(
                    files.location(), "it has no embedding; name the tensor in manifest.json as outputs.embedding");
        }
        return files;
    }

    @Override
    public StructType schema() {
        return PHOTO_COLUMNS.add(
                "embedding",
                precision == Precision.HALF ? DataTypes.BinaryType : DataTypes.createArrayType(DataTypes.FloatType));
    }

    @Override
    public ModelPackage model() {
        return broadcast.value();
    }

    @Override
    public InferenceSpec inferenceSpec() {
        return InferenceSpec.at(model().embedding().orElseThrow().output());
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(
                PRECISION,
                precision.name().toLowerCase(Locale.ROOT),
                NORMALIZE,
                Boolean.toString(length == Length.UNIT));
    }

    @Override
    public Function<Scored, Row> open() {
        UnaryOperator<float[]> scaled = length == Length.UNIT ? EmbedRows::unit : UnaryOperator.identity();
        Function<float[], Object> stored = precision == Precision.HALF ? HalfFloat::encode : vector -> vector;
        return photo -> {
            Object[] values = RowMaker.begin(photo, PHOTO_COLUMNS.size() + 1);
            if (!photo.views().isEmpty()) {
                values[PHOTO_COLUMNS.size()] =
                        stored.apply(scaled.apply(photo.views().get(0).values()[0]));
            }
            return RowFactory.create(values);
        };
    }

    /** Scales a vector to length one; a zero vector stays zero. */
    static float[] unit(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (squares == 0) {
            return vector;
        }
        double norm = Math.sqrt(squares);
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / norm);
        }
        return unit;
    }
}
