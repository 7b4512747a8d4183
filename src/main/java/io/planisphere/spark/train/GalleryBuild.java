package io.planisphere.spark.train;

import static org.apache.spark.sql.functions.col;

import io.planisphere.gallery.GalleryEntry;
import io.planisphere.gallery.GalleryWriter;
import io.planisphere.model.GalleryFile;
import io.planisphere.source.OptOut;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;

/**
 * Writes the gallery of training photos. Spark sorts them by cell, and the driver writes one partition after the other: it holds
 * one partition at a time, and one cell's photos.
 *
 * @param folder folder for the file
 * @param backbone SHA-256 of the package whose network made the embeddings
 * @param mostPhotos maximum number of photos; of more, a share of each cell's is drawn
 * @param withNames whether ids of photos are stored
 */
public record GalleryBuild(Path folder, Configuration hadoop, String backbone, int mostPhotos, boolean withNames) {
    /** Bytes of embeddings per partition that the driver fetches. */
    private static final long PARTITION = 64L << 20;

    private static final double SHARE_OF_HASHES = 0x1p-53;

    /**
     * Writes the gallery.
     *
     * @param photos rows {@code embedding, latitude, longitude, label, user, id}
     * @param ofCells number of these photos by label
     */
    GalleryFile write(Dataset<Row> photos, List<Long> ofCells) throws IOException {
        long all = ofCells.stream().mapToLong(Long::longValue).sum();
        double[] shares = ofCells.stream()
                .mapToDouble(count -> Math.min(
                        (double) mostPhotos / Math.max(all, 1),
                        0.95 * GalleryWriter.MOST_PHOTOS_PER_CELL / Math.max(count, 1)))
                .toArray();
        Dataset<Row> drawn = photos.filter(new Drawn(shares)).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            return write(drawn, shares.length);
        } finally {
            drawn.unpersist();
        }
    }

    private GalleryFile write(Dataset<Row> photos, int cells) throws IOException {
        int[] counts = new int[cells];
        for (Row row : photos.groupBy("label").count().collectAsList()) {
            counts[row.getInt(0)] = Math.toIntExact(row.getLong(1));
        }
        float[] mean = mean(photos);
        long bytes = Arrays.stream(counts).asLongStream().sum() * mean.length * Float.BYTES;
        int partitions = (int) Math.max(1, bytes / PARTITION);
        Iterator<Row> sorted = photos.repartitionByRange(partitions, col("label"))
                .sortWithinPartitions(col("label"), functions.xxhash64(col("id")))
                .toLocalIterator();
        FileSystem fs = folder.getFileSystem(hadoop);
        try (GalleryWriter writer = new GalleryWriter(
                fs.create(new Path(folder, GalleryFile.NAME), true), backbone, mean, counts, withNames)) {
            for (int count : counts) {
                List<GalleryEntry> entries = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    entries.add(entry(sorted.next()));
                }
                writer.cell(entries);
            }
        }
        return GalleryFile.in(folder.toString(), hadoop);
    }

    private static GalleryEntry entry(Row photo) {
        String user = photo.getString(4);
        String id = photo.isNullAt(5) ? "" : photo.getString(5);
        return new GalleryEntry(
                FloatBytes.read((byte[]) photo.get(0)),
                photo.getDouble(1),
                photo.getDouble(2),
                user == null ? 0 : OptOut.hash(user),
                OptOut.hash(id),
                OptOut.hash(OptOut.keyOfShard(id)),
                id);
    }

    private static float[] mean(Dataset<Row> photos) {
        Sum sum = photos.select("embedding")
                .javaRDD()
                .map(row -> FloatBytes.read((byte[]) row.get(0)))
                .aggregate(new Sum(0, new double[0]), Sum::plus, Sum::plus);
        float[] mean = new float[sum.values().length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum.values()[i] / sum.photos());
        }
        return mean;
    }

    /** Sum of embeddings. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sum(long photos, double[] values) implements Serializable {
        Sum plus(float[] embedding) {
            double[] sum = values.length == 0 ? new double[embedding.length] : values;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += embedding[i];
            }
            return new Sum(photos + 1, sum);
        }

        Sum plus(Sum other) {
            if (photos == 0) {
                return other;
            }
            double[] sum = values.clone();
            for (int i = 0; i < other.values.length; i++) {
                sum[i] += other.values[i];
            }
            return new Sum(photos + other.photos, sum);
        }
    }

    /** Draws photos by the hash of their id, so that a repeated training draws the same. */
    @SuppressWarnings("ArrayRecordComponent") // serialised, never compared
    private record Drawn(double[] shares) implements FilterFunction<Row> {
        @Override
        public boolean call(Row photo) {
            double share = shares[photo.getInt(3)];
            String id = photo.isNullAt(5) ? "" : photo.getString(5);
            return share >= 1 || (OptOut.hash(id) >>> 11) * SHARE_OF_HASHES < share;
        }
    }
}
