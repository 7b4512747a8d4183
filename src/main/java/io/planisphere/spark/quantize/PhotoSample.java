package io.planisphere.spark.quantize;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.source.Access;
import io.planisphere.source.Content;
import io.planisphere.source.FetchLimits;
import io.planisphere.source.Fetcher;
import io.planisphere.source.OptOut;
import io.planisphere.source.Reference;
import io.planisphere.source.ShardReader;
import io.planisphere.source.ShardSource;
import io.planisphere.spark.plan.SampledPhotos;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Some hundred photos, distributed over Spark tasks that read and process them. */
public final class PhotoSample {
    private final JavaSparkContext spark;
    private final SampledPhotos chosen;
    private final ImageLimits limits;
    private final Access access;

    public PhotoSample(JavaSparkContext spark, SampledPhotos chosen, ImageLimits limits, Access access) {
        this.access = access;
        this.spark = spark;
        this.chosen = chosen;
        this.limits = limits;
    }

    /** The work of a task on its photos. */
    public interface Work<T> extends Serializable {
        T of(Iterator<EncodedImage> photos);
    }

    /** A task's part of the photos. */
    private record Part(List<Reference> photos, List<ShardSource> shards) implements Serializable {}

    JavaSparkContext spark() {
        return spark;
    }

    ImageLimits limits() {
        return limits;
    }

    /** Returns the results, one entry per task. */
    public <T> JavaRDD<T> tasks(Work<T> work) {
        int tasks = Math.max(1, spark.defaultParallelism());
        List<Part> parts = new ArrayList<>();
        for (int t = 0; t < tasks; t++) {
            Part part = new Part(every(chosen.photos(), t, tasks), every(chosen.shards(), t, tasks));
            if (!part.photos.isEmpty() || !part.shards.isEmpty()) {
                parts.add(part);
            }
        }
        Broadcast<SerializableConfiguration> hadoop =
                spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
        int perShard = chosen.perShard();
        ImageLimits bounds = limits;
        Access permitted = access;
        return spark.parallelize(parts, Math.max(1, parts.size()))
                .map(part ->
                        run(part, perShard, bounds, permitted, hadoop.value().value(), work));
    }

    private static <T> List<T> every(List<T> all, int from, int step) {
        List<T> some = new ArrayList<>();
        for (int i = from; i < all.size(); i += step) {
            some.add(all.get(i));
        }
        return some;
    }

    private static <T> T run(
            Part part, int perShard, ImageLimits limits, Access access, Configuration hadoop, Work<T> work) {
        List<EncodedImage> photos = new ArrayList<>();
        try (Fetcher fetcher =
                new Fetcher(hadoop, FetchLimits.ofMaxImageBytes(limits.maxBytes()), access, Fetcher.Order.LISTED)) {
            for (ShardSource shard : part.shards) {
                read(shard, perShard, limits, hadoop, photos::add);
            }
            Iterator<EncodedImage> fetched = fetcher.fetch(part.photos.iterator());
            return work.of(new Iterator<>() {
                private final Iterator<EncodedImage> held = photos.iterator();

                @Override
                public boolean hasNext() {
                    return held.hasNext() || fetched.hasNext();
                }

                @Override
                public EncodedImage next() {
                    return held.hasNext() ? held.next() : fetched.next();
                }
            });
        }
    }

    private static void read(
            ShardSource shard, int perShard, ImageLimits limits, Configuration hadoop, Consumer<EncodedImage> target) {
        try (ShardReader reader = shard.open(limits.maxBytes(), Content.PHOTOS, OptOut.NONE, hadoop)) {
            for (int i = 0; i < perShard && reader.hasNext(); i++) {
                target.accept(reader.next());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read shard " + shard.uri() + ": " + e.getMessage(), e);
        }
    }
}
