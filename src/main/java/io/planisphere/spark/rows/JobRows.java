package io.planisphere.spark.rows;

import io.planisphere.image.EncodedImage;
import io.planisphere.image.ImageLimits;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.Content;
import io.planisphere.spark.commit.Output;
import io.planisphere.spark.plan.Plan;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What tells one job from another: its package, its columns, and how photos become rows. */
public interface JobRows extends Serializable {
    /** Photos per call of a network, unless asked otherwise. */
    int BATCH_SIZE = 4;

    /** What every job's rows begin with. */
    StructType PHOTO_COLUMNS = new StructType()
            .add("id", DataTypes.StringType)
            .add("uri", DataTypes.StringType)
            .add("status", DataTypes.StringType)
            .add("detail", DataTypes.StringType)
            .add("width", DataTypes.IntegerType)
            .add("height", DataTypes.IntegerType);

    /** All columns: {@link #PHOTO_COLUMNS}, then the job's. */
    StructType schema();

    /** The package that the output is known by; none, for a job that runs no network. */
    Optional<ModelPackage> network();

    /**
     * What shapes the values beside the package, as it stands on the command line. It is recorded, and must be the same at
     * every run on an output.
     */
    Map<String, String> settings();

    /** The rows of one task, in the order of its photos. */
    PhotoRows rowsOf(Iterator<EncodedImage> photos, ImageLimits limits, TaskResources equipment);

    /** What the job takes from shards and plans. */
    default Content content() {
        return Content.PHOTOS;
    }

    /** The files that tasks write beside the rows; none, for most jobs. */
    default Optional<SideFiles> sideFiles(SparkSession spark, Plan plan) {
        return Optional.empty();
    }

    /** What is done to all rows of the output once every photo has its own; nothing, for most jobs. */
    default Optional<Pass> secondPass() {
        return Optional.empty();
    }

    /** Work on the rows of an output. */
    interface Pass {
        /** Does what is not done yet. */
        void over(SparkSession spark, Output output) throws IOException;
    }
}
