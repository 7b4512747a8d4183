package io.planisphere.spark.plan;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import io.planisphere.source.Allowed;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.Reference;
import io.planisphere.source.ShardFormat;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.plan.Plan.Metadata;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A deterministic sample of the inputs' photos: those whose URIs have the smallest hashes, so that the order of names does not
 * matter; for shards, sampled in the same way, the first photos of each.
 *
 * @param photos photos outside shards
 * @param shards sampled shards
 * @param perShard maximum number of photos from each shard
 */
public record SampledPhotos(List<Reference> photos, List<ShardSource> shards, int perShard) implements Serializable {
    public SampledPhotos {
        photos = List.copyOf(photos);
        shards = List.copyOf(shards);
    }

    /**
     * Takes a sample.
     *
     * @param count number of photos to sample
     * @param listing temporary file that executors can read
     */
    public static SampledPhotos of(
            List<PhotoInput> inputs, int count, SparkSession spark, Path listing, Allowed allowed) throws IOException {
        List<Reference> photos = new ArrayList<>();
        List<ShardSource> shards = new ArrayList<>();
        FileSystem fs = listing.getFileSystem(spark.sparkContext().hadoopConfiguration());
        try {
            for (PhotoInput input : inputs) {
                Dataset<Row> rows = InputReferences.of(input, spark, listing, Metadata.LEFT)
                        .rows()
                        .get()
                        .filter((FilterFunction<Row>) row -> isAllowed(row, allowed));
                boolean isShards = input instanceof PhotoInput.Shards;
                // the first ones by hash are only this input's share, and no more than the whole sample needs
                for (Row row : rows.where(
                                col(Plan.REJECTED).isNull().and(col(Plan.VIDEO).equalTo(false)))
                        .orderBy(xxhash64(col(Plan.URI)), col(Plan.URI))
                        .limit(share(count, inputs.size()))
                        .collectAsList()) {
                    String uri = row.getAs(Plan.URI);
                    if (isShards) {
                        shards.add(new ShardSource(
                                uri, ShardFormat.ofCode(row.getAs(Plan.FORMAT)), row.getAs(Plan.COLUMN)));
                    } else {
                        photos.add(new Reference(row.getAs(Plan.ID), uri));
                    }
                }
            }
        } finally {
            fs.delete(listing, false);
        }
        int left = Math.max(0, count - photos.size());
        return new SampledPhotos(photos, shards, shards.isEmpty() ? 0 : share(left, shards.size()));
    }

    private static boolean isAllowed(Row row, Allowed allowed) {
        String manifest = row.getAs(Plan.MANIFEST);
        String uri = row.getAs(Plan.URI);
        return manifest == null
                || uri == null
                || allowed.refusal(uri, manifest.equals(Plan.LOCAL)).isEmpty();
    }

    private static int share(int count, int parts) {
        return (count + parts - 1) / parts;
    }
}
