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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The specifics of a job: its package, its columns, and how photos become rows. */
public interface JobRows extends Serializable {
    /** Default number of photos per inference call. */
    int BATCH_SIZE = 4;

    /** The first columns of every job's rows. */
    StructType PHOTO_COLUMNS = new StructType()
            .add("id", DataTypes.StringType)
            .add("uri", DataTypes.StringType)
            .add("status", DataTypes.StringType)
            .add("detail", DataTypes.StringType)
            .add("width", DataTypes.IntegerType)
            .add("height", DataTypes.IntegerType);

    /** Returns all columns: {@link #PHOTO_COLUMNS}, then the job's. */
    StructType schema();

    /** Returns the package recorded for the output; empty for a job that runs no network. */
    Optional<ModelPackage> network();

    /** Returns the packages whose networks a task runs. */
    default List<ModelPackage> networks() {
        return network().stream().toList();
    }

    /**
     * Returns the settings, besides the package, that change values, as written on the command line. They are recorded and must
     * be the same in every run on an output.
     */
    Map<String, String> settings();

    /** Returns the rows of one task, in the order of its photos. */
    PhotoRows rowsOf(Iterator<EncodedImage> photos, ImageLimits limits, TaskResources equipment);

    /** Returns the content that the job reads from shards and plans. */
    default Content content() {
        return Content.PHOTOS;
    }

    /** Returns the files that tasks write beside the rows; empty for most jobs. */
    default Optional<SideFiles> sideFiles(SparkSession spark, Plan plan) {
        return Optional.empty();
    }

    /** Returns the pass over all rows of the output once every photo has its row; empty for most jobs. */
    default Optional<Pass> secondPass() {
        return Optional.empty();
    }

    /** A pass over the rows of an output. */
    interface Pass {
        /** Runs the pass, as far as it has not been done yet. */
        void over(SparkSession spark, Output output) throws IOException;
    }
}
