package io.planisphere.spark.pack;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.Content;
import io.planisphere.source.ShardFormat;
import io.planisphere.spark.commit.RowFiles;
import io.planisphere.spark.rows.JobRows;
import io.planisphere.spark.rows.PhotoRows;
import io.planisphere.spark.rows.TaskResources;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The rows of one operation of {@code pack}, and its shards.
 *
 * @param operation number of the operation in the commit log, part of the names of the shards
 * @param targetBytes size at which a task begins a new shard
 */
record PackBatch(PackRows job, long operation, long targetBytes, Broadcast<SerializableConfiguration> hadoop)
        implements JobRows {

    @Override
    public StructType schema() {
        return job.schema();
    }

    @Override
    public Optional<ModelPackage> network() {
        return job.network();
    }

    @Override
    public Map<String, String> settings() {
        return job.settings();
    }

    @Override
    public Content content() {
        return job.content();
    }

    @Override
    public PhotoRows rowsOf(Iterator<EncodedImage> photos, ImageLimits limits, TaskResources equipment) {
        return new PackedRows(photos, limits, this, TaskContext.get());
    }

    /** Returns the name of a shard, unique to the task attempt. */
    String name(TaskContext task, int number) {
        return RowFiles.name(operation, task, number) + "." + extension(job.format());
    }

    private static String extension(ShardFormat format) {
        return switch (format) {
            case WEBDATASET -> "tar";
            case IMAGESEQUENCE -> "seq";
            case PARQUET -> "parquet";
        };
    }
}
