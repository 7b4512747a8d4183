package io.planisphere.spark.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.planisphere.spark.evaluate.PhotoKey;
import io.planisphere.spark.evaluate.UserList;
import io.planisphere.train.KeptClasses;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings with the ground truth of their photos, persisted once for all heads: 4 bytes per value, in memory and then on disk.
 * There are no more partitions than cores, because in each step of a fit every partition sends a gradient as large as the head.
 */
final class Examples implements AutoCloseable {
    // With fewer photos, starting a task costs more than its computation.
    private static final int LEAST_PHOTOS_PER_PARTITION = 2000;

    private static final String FATE = "fate";
    private static final String USED = "used";
    private static final String UNKNOWN = "unknown";
    private static final String EXCLUDED = "excluded";
    private static final String OUTSIDE = "outside";

    static final StructType SCHEMA = new StructType()
            .add(FATE, DataTypes.StringType, false)
            .add("user", DataTypes.StringType)
            .add("validation", DataTypes.BooleanType, false)
            .add("embedding", DataTypes.BinaryType)
            .add("latitude", DataTypes.DoubleType)
            .add("longitude", DataTypes.DoubleType)
            .add("classes", DataTypes.createArrayType(DataTypes.IntegerType, false))
            .add("id", DataTypes.StringType);

    private static final StructType LABELLED = new StructType()
            .add("label", DataTypes.DoubleType, false)
            .add("weight", DataTypes.DoubleType, false)
            .add("features", SQLDataTypes.VectorType(), false);

    private static final StructType LOCATED = new StructType()
            .add("embedding", DataTypes.BinaryType, false)
            .add("latitude", DataTypes.DoubleType, false)
            .add("longitude", DataTypes.DoubleType, false)
            .add("label", DataTypes.IntegerType, false);

    private static final StructType FOR_GALLERY =
            LOCATED.add("user", DataTypes.StringType).add("id", DataTypes.StringType);

    private final Dataset<Row> rows;
    private final List<Integer> sizes;

    private Examples(Dataset<Row> rows, List<Integer> sizes) {
        this.rows = rows;
        this.sizes = sizes;
    }

    /**
     * Joins embeddings with the truth, determines classes, and splits; lazily, except for the check for repeated photos.
     *
     * @param truth rows {@code key, user, latitude, longitude, label}
     * @param excluded users whose photos are left out
     * @throws IllegalArgumentException if a photo occurs twice, or users are to be left out and the truth has no users
     */
    static Examples of(
            Dataset<Row> embeddings,
            Dataset<Row> truth,
            PhotoKey match,
            Classes classes,
            Optional<UserList> excluded,
            Split split) {
        Dataset<Row> photos =
                embeddings.select(match.ofPrediction().as("key"), col("uri"), col("embedding"), col("id"));
        match.refuseRepeated(photos.select("key"), "embeddings");
        match.refuseRepeated(truth, "places or labels");
        if (excluded.isPresent() && truth.where("user is not null").isEmpty()) {
            throw new IllegalArgumentException("Cannot leave out users: the table of places or labels knows none;"
                    + " name the column that holds them with --user-column");
        }
        SparkSession spark = embeddings.sparkSession();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Dataset<Row> known = excluded.map(users -> truth.join(
                        users.rows().withColumn(EXCLUDED, lit(true)).withColumnRenamed("user", "excludedUser"),
                        col("user").equalTo(col("excludedUser")),
                        "left_outer"))
                .orElseGet(() -> truth.withColumn(EXCLUDED, lit(null).cast(DataTypes.BooleanType)));
        Dataset<Row> rows = photos.join(known, photos.col("key").equalTo(known.col("key")), "left_outer")
                .select("uri", "user", "latitude", "longitude", "label", "embedding", EXCLUDED, "id")
                .map(new Judge(context.broadcast(classes), split), Encoders.row(SCHEMA))
                .repartition(partitions(embeddings.count(), spark.sparkContext().defaultParallelism()))
                .persist(StorageLevel.MEMORY_AND_DISK());
        return new Examples(rows, classes.sizes());
    }

    private static int partitions(long photos, int cores) {
        return (int) Math.max(1, Math.min(cores, photos / LEAST_PHOTOS_PER_PARTITION));
    }

    PhotoCounts counts() {
        Map<String, Long> fates = new HashMap<>();
        for (Row row : rows.groupBy(FATE).count().collectAsList()) {
            fates.put(row.getString(0), row.getLong(1));
        }
        Row split = rows.where(col(FATE).equalTo(USED))
                .agg(
                        count(when(col("validation"), lit(1))),
                        countDistinct(when(col("validation"), col("user"))),
                        countDistinct(when(col("validation").equalTo(false), col("user"))),
                        count(when(col("user").isNull(), lit(1))))
                .head();
        long used = fates.getOrDefault(USED, 0L);
        return new PhotoCounts(
                fates.values().stream().mapToLong(Long::longValue).sum(),
                fates.getOrDefault(UNKNOWN, 0L),
                fates.getOrDefault(EXCLUDED, 0L),
                fates.getOrDefault(OUTSIDE, 0L),
                used - split.getLong(0),
                split.getLong(0),
                split.getLong(2),
                split.getLong(1),
                split.getLong(3));
    }

    /** Returns the number of training photos of each class of a head. */
    long[] trainingPhotos(int head) {
        long[] photos = new long[sizes.get(head)];
        for (Row row : training().groupBy(col("classes").getItem(head)).count().collectAsList()) {
            if (row.getInt(0) != Classes.NONE) {
                photos[row.getInt(0)] = row.getLong(1);
            }
        }
        return photos;
    }

    /**
     * Returns the photos to fit a head on: {@code label, weight, features}.
     *
     * @param weights weight of each kept class
     */
    Dataset<Row> toFit(int head, KeptClasses kept, double[] weights) {
        int[] renumbered = kept.renumbering(sizes.get(head));
        return training()
                .select("embedding", "classes")
                .filter(new IsKept(head, renumbered))
                .map(new Labelled(head, renumbered, weights), Encoders.row(LABELLED));
    }

    /** Returns the same photos with their places: {@code embedding, latitude, longitude, label}, the label an integer. */
    Dataset<Row> located(int head, KeptClasses kept) {
        int[] renumbered = kept.renumbering(sizes.get(head));
        return training()
                .select("embedding", "classes", "latitude", "longitude")
                .filter(new IsKept(head, renumbered))
                .map(new Located(head, renumbered), Encoders.row(LOCATED));
    }

    /** Returns the rows of the held-out set, in the columns of {@link #SCHEMA}. */
    Dataset<Row> heldOut() {
        return rows.where(col(FATE).equalTo(USED).and(col("validation")));
    }

    /** Returns the rows for training, in the columns of {@link #SCHEMA}. */
    Dataset<Row> training() {
        return rows.where(col(FATE).equalTo(USED).and(col("validation").equalTo(false)));
    }

    /** Returns the number of classes of each head before any is dropped. */
    List<Integer> sizes() {
        return sizes;
    }

    @Override
    public void close() {
        rows.unpersist();
    }

    /** Converts a photo {@code uri, user, latitude, longitude, label, embedding, excluded, id} to a row of {@link #SCHEMA}. */
    private static final class Judge implements MapFunction<Row, Row> {
        private static final long serialVersionUID = 1;

        private final Broadcast<Classes> classes;
        private final Split split;
        private transient @Nullable Function<Row, int @Nullable []> judge; // opened once per task

        Judge(Broadcast<Classes> classes, Split split) {
            this.classes = classes;
            this.split = split;
        }

        @Override
        public Row call(Row photo) {
            if (!photo.isNullAt(6)) {
                return unused(EXCLUDED);
            }
            int[] found = opened().apply(photo);
            if (found == null) {
                return unused(UNKNOWN);
            }
            if (Arrays.stream(found).allMatch(label -> label == Classes.NONE)) {
                return unused(OUTSIDE);
            }
            String user = photo.getString(1);
            return RowFactory.create(
                    USED,
                    user,
                    user == null ? split.holdsOutPhoto(photo.getString(0)) : split.holdsOutUser(user),
                    FloatBytes.ofEmbedding(photo, 5),
                    photo.get(2),
                    photo.get(3),
                    found,
                    photo.get(7));
        }

        private Function<Row, int @Nullable []> opened() {
            Function<Row, int @Nullable []> known = judge;
            if (known == null) {
                known = classes.value().open();
                judge = known;
            }
            return known;
        }

        private static Row unused(String fate) {
            return RowFactory.create(fate, null, false, null, null, null, null, null);
        }
    }

    /** Returns the same photos with what a gallery needs: {@code embedding, latitude, longitude, label, user, id}. */
    Dataset<Row> forGallery(int head, KeptClasses kept) {
        int[] renumbered = kept.renumbering(sizes.get(head));
        return training()
                .select("embedding", "classes", "latitude", "longitude", "user", "id")
                .filter(new IsKept(head, renumbered))
                .map(new ForGallery(head, renumbered), Encoders.row(FOR_GALLERY));
    }

    /** Converts {@code embedding, classes, latitude, longitude, user, id} to rows of {@link #FOR_GALLERY}. */
    @SuppressWarnings("ArrayRecordComponent")
    private record ForGallery(int head, int[] renumbered) implements MapFunction<Row, Row> {
        @Override
        public Row call(Row photo) {
            int label = renumbered[photo.<Integer>getList(1).get(head)];
            return RowFactory.create(photo.get(0), photo.get(2), photo.get(3), label, photo.get(4), photo.get(5));
        }
    }

    /** Filters photos of kept classes. */
    @SuppressWarnings("ArrayRecordComponent") // serialised, never compared
    private record IsKept(int head, int[] renumbered) implements FilterFunction<Row> {
        @Override
        public boolean call(Row photo) {
            int old = photo.<Integer>getList(1).get(head);
            return old != Classes.NONE && renumbered[old] != Classes.NONE;
        }
    }

    /** Converts {@code embedding, classes, latitude, longitude} to rows of {@link #LOCATED}. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Located(int head, int[] renumbered) implements MapFunction<Row, Row> {
        @Override
        public Row call(Row photo) {
            int label = renumbered[photo.<Integer>getList(1).get(head)];
            return RowFactory.create(photo.get(0), photo.get(2), photo.get(3), label);
        }
    }

    /** Converts {@code embedding, classes} to MLlib's training rows. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Labelled(int head, int[] renumbered, double[] weights) implements MapFunction<Row, Row> {
        @Override
        public Row call(Row photo) {
            int label = renumbered[photo.<Integer>getList(1).get(head)];
            float[] embedding = FloatBytes.read((byte[]) photo.get(0));
            double[] features = new double[embedding.length];
            for (int i = 0; i < features.length; i++) {
                features[i] = embedding[i];
            }
            return RowFactory.create((double) label, weights[label], Vectors.dense(features));
        }
    }
}
