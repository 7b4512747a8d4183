package io.planisphere.spark;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.Content;
import io.planisphere.source.ShardFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The rows of one batch of {@code pack}, and its shards.
 *
 * @param label of the batch, in the names of its shards
 * @param work folder for shards whose rows are not committed yet
 * @param written where the shards stand that are whole, by the name that they are to have
 * @param targetBytes size at which a task begins a new shard
 */
record PackBatch(
        PackRows job,
        String label,
        String work,
        long targetBytes,
        TaskReports<String> written,
        Broadcast<SerializableConfiguration> hadoop)
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
    public PhotoRows rowsOf(Iterator<EncodedImage> photos, ImageLimits limits, Equipment equipment) {
        return new PackedRows(photos, limits, this, TaskContext.get());
    }

    /** A shard's name: the batch, the task, and its number there. */
    String name(int task, int number) {
        return String.format(Locale.ROOT, "%s-%05d-%03d.%s", label, task, number, extension(job.format()));
    }

    /** Where an attempt at a task writes it. */
    Path unfinished(String name, long attempt) {
        return new Path(work, attempt + "-" + name);
    }

    private static String extension(ShardFormat format) {
        return switch (format) {
            case WEBDATASET -> "tar";
            case IMAGESEQUENCE -> "seq";
            case PARQUET -> "parquet";
        };
    }
}
