package io.planisphere.spark.train;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.evaluate.LabelTruth;
import io.planisphere.spark.evaluate.PhotoKey;
import io.planisphere.spark.evaluate.PlaceTruth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Photos of known classes: class k has the embedding {@code strength · e_k} plus a standard normal, so that the achievable
 * accuracy is known before anything is fitted.
 */
final class ConstructedPhotos {
    private static final StructType EMBEDDINGS = new StructType()
            .add("id", DataTypes.StringType)
            .add("uri", DataTypes.StringType)
            .add("embedding", DataTypes.createArrayType(DataTypes.FloatType));

    private final int width;
    private final Random random;
    private final List<Row> embeddings = new ArrayList<>();
    private final List<Row> labels = new ArrayList<>();
    private final List<Row> places = new ArrayList<>();

    ConstructedPhotos(int width, long seed) {
        this.width = width;
        this.random = new Random(seed);
    }

    /** Adds photos of one class by one user, labelled {@code label}, taken at a place. */
    ConstructedPhotos with(
            int photos,
            int shown,
            double strength,
            @Nullable String label,
            @Nullable String user,
            double latitude,
            double longitude) {
        for (int i = 0; i < photos; i++) {
            Float[] embedding = new Float[width];
            for (int j = 0; j < width; j++) {
                embedding[j] = (float) (random.nextGaussian() + (j == shown ? strength : 0));
            }
            String id = "p" + embeddings.size();
            embeddings.add(RowFactory.create(id, "tar#" + id, embedding));
            labels.add(RowFactory.create(id, label, user));
            places.add(RowFactory.create(id, latitude, longitude, user));
        }
        return this;
    }

    EmbeddingRun run() {
        return new EmbeddingRun(
                LocalSpark.session().createDataFrame(embeddings, EMBEDDINGS),
                "nowhere",
                "none",
                JsonNodeFactory.instance.objectNode());
    }

    LabelTruth labels() {
        StructType columns = new StructType()
                .add("key", DataTypes.StringType)
                .add("label", DataTypes.StringType)
                .add("user", DataTypes.StringType);
        return new LabelTruth(LocalSpark.session().createDataFrame(labels, columns), PhotoKey.ID);
    }

    PlaceTruth places() {
        StructType columns = new StructType()
                .add("key", DataTypes.StringType)
                .add("latitude", DataTypes.DoubleType)
                .add("longitude", DataTypes.DoubleType)
                .add("user", DataTypes.StringType);
        return new PlaceTruth(LocalSpark.session().createDataFrame(places, columns), PhotoKey.ID);
    }
}
