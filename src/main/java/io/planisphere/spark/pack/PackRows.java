package io.planisphere.spark.pack;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.Content;
import io.planisphere.source.ShardFormat;
import io.planisphere.spark.plan.Plan;
import io.planisphere.spark.rows.JobRows;
import io.planisphere.spark.rows.PhotoRows;
import io.planisphere.spark.rows.SideFiles;
import io.planisphere.spark.rows.TaskResources;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows of {@code pack}: one for every photo to pack, {@code ok} if it is in a shard. {@code metadata} is set if the shard's
 * format has no place for it.
 *
 * @param format format of the shards
 * @param shards output folder of the shards
 * @param shardBytes approximate size of a shard
 * @param optOut SHA-256 of the opt-out list, empty without one; a run with another list is refused because shards are not
 *     rewritten
 */
public record PackRows(ShardFormat format, String shards, long shardBytes, String optOut) implements JobRows {
    static final StructType SCHEMA = PHOTO_COLUMNS
            .add("key", DataTypes.StringType)
            .add("shard", DataTypes.StringType)
            .add("bytes", DataTypes.LongType)
            .add("metadata", DataTypes.StringType);

    @Override
    public StructType schema() {
        return SCHEMA;
    }

    @Override
    public Optional<ModelPackage> network() {
        return Optional.empty();
    }

    @Override
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("to", format.code());
        settings.put("shard-size", Long.toString(shardBytes));
        if (!optOut.isEmpty()) {
            settings.put("opt-out", "(a list with SHA-256 " + optOut + ")");
        }
        return settings;
    }

    @Override
    public Content content() {
        return Content.PHOTOS_AND_SIDECARS;
    }

    @Override
    public Optional<SideFiles> sideFiles(SparkSession spark, Plan plan) {
        return Optional.of(new PackFiles(spark, plan, this));
    }

    @Override
    public PhotoRows rowsOf(Iterator<EncodedImage> photos, ImageLimits limits, TaskResources equipment) {
        throw new IllegalStateException("Photos are packed batch by batch; see PackBatch");
    }
}
