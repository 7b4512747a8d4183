package io.planisphere.spark;

import io.planisphere.model.ModelPackage;
import io.planisphere.vision.Look;
import io.planisphere.vision.Scored;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What tells one job from another: its package, its columns, and how scores become their values. */
public interface RowMaker extends Serializable {
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

    /** The package whose network scores the photos. */
    ModelPackage model();

    /** What the network is shown of each photo, and asked for. */
    Look look();

    /**
     * What shapes the values beside the package, as it stands on the command line. It is recorded, and must be the same at
     * every start on an output.
     */
    Map<String, String> settings();

    /** Makes the rows of one task; for one thread. */
    Function<Scored, Row> open();

    /** What is done to all rows of the output once every photo has its own; nothing, for most jobs. */
    default Optional<Pass> secondPass() {
        return Optional.empty();
    }

    /** Work on the rows of an output. */
    interface Pass {
        /** Does what is not done yet. */
        void over(SparkSession spark, RunDirectory directory) throws IOException;
    }

    /** Room for a row, with the photo's columns filled in. */
    static Object[] begin(Scored photo, int columns) {
        Object[] values = new Object[columns];
        values[0] = photo.id();
        values[1] = photo.uri();
        values[2] = photo.status().code();
        values[3] = photo.detail();
        values[4] = photo.width() == 0 ? null : photo.width();
        values[5] = photo.height() == 0 ? null : photo.height();
        return values;
    }
}
