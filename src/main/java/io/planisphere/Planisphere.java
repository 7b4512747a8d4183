package io.planisphere;

import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import io.planisphere.source.InputException;
import io.planisphere.spark.function.GeoFunctions;
import io.planisphere.spark.rows.ClassifyRows;
import io.planisphere.spark.rows.DetectRows;
import io.planisphere.spark.rows.EmbedRows;
import io.planisphere.spark.rows.EmbedRows.Length;
import io.planisphere.spark.rows.EmbedRows.Precision;
import io.planisphere.spark.rows.FacePackages;
import io.planisphere.spark.rows.FaceRows;
import io.planisphere.spark.rows.FaceRows.Identity;
import io.planisphere.spark.rows.LocateRows;
import io.planisphere.spark.rows.PlaceRule;
import io.planisphere.spark.task.PhotoTable;
import io.planisphere.vision.GeolocationModel;
import java.io.Serializable;
import java.util.Collection;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The jobs' steps for people who build their own pipeline: a table of photos in, the rows of a job out, with the job's defaults.
 *
 * <p><b>Photos</b> have the columns {@code id} (string, the photo's own name), {@code uri} (string, where it stands; unique) and
 * {@code content} (binary, the encoded photo), as the Spark sources {@code webdataset} and {@code imagesequence} give them. Where
 * {@code content} is null, {@code status} and {@code detail} of these sources say why, if they are there. Other columns are left
 * out; join them again by {@code uri}.
 *
 * <p><b>Models</b> are packages: {@code builtin:NAME}, a directory, or a zip on any file system that Hadoop can open. They are
 * read and checked before a method returns, and reach each executor once. All tasks of a JVM share one session per package.
 *
 * <p><b>Rows</b>, one for each photo in its order: {@code id, uri, status, detail, width, height}, then the columns of the job.
 * A photo that cannot be read, or that the network fails on, has a status other than {@code ok}, a detail that says why, and no
 * values. A row without both id and uri is one {@code missing} row.
 *
 * <p>As with every {@code Dataset}, nothing runs before the rows are asked for, and everything runs again when they are asked
 * for twice: write them, or persist them. Photos travel as row values here, which is slower than a job, whose tasks read shards
 * themselves.
 */
public final class Planisphere {
    private Planisphere() {}

    /**
     * Says where photos were taken.
     *
     * @param photos with {@code id}, {@code uri} and {@code content}
     * @param model location of a package for the task locate, such as {@code builtin:earth}
     * @return rows of the job {@code locate}: {@code latitude, longitude} in degrees, {@code cell} (an S2 token),
     *     {@code confidence} from 0 to 1, {@code radius_km}, and the five likeliest {@code cells}
     * @throws InputException if a column is missing or of another type
     * @throws ModelPackageException if the package cannot be read, is not sound, or is for another task
     */
    public static Dataset<Row> locate(Dataset<Row> photos, String model) {
        return PhotoTable.rows(
                photos,
                new LocateRows(broadcast(photos, new GeolocationModel(open(photos, model))), PlaceRule.DEFAULT, null));
    }

    /**
     * Says what photos show.
     *
     * @param photos with {@code id}, {@code uri} and {@code content}
     * @param model location of a package for the task classify
     * @return rows of the job {@code classify}: the five likeliest {@code labels}, each a struct of {@code index, label, score}
     * @throws InputException if a column is missing or of another type
     * @throws ModelPackageException if the package cannot be read, is not sound, or is for another task
     */
    public static Dataset<Row> classify(Dataset<Row> photos, String model) {
        ModelPackage files = open(photos, model).require(Task.CLASSIFY);
        return PhotoTable.rows(photos, new ClassifyRows(broadcast(photos, files), ClassifyRows.TOP_K, 1, null));
    }

    /**
     * Gives the feature vectors of photos.
     *
     * @param photos with {@code id}, {@code uri} and {@code content}
     * @param model location of a package that names an embedding
     * @return rows of the job {@code embed}: {@code embedding}, an array of floats as the network gives them
     * @throws InputException if a column is missing or of another type
     * @throws ModelPackageException if the package cannot be read, is not sound, or has no embedding
     */
    public static Dataset<Row> embed(Dataset<Row> photos, String model) {
        ModelPackage files = EmbedRows.requireEmbedding(open(photos, model));
        return PhotoTable.rows(photos, new EmbedRows(broadcast(photos, files), Precision.FLOAT, Length.FREE));
    }

    /**
     * Says what stands where in photos.
     *
     * @param photos with {@code id}, {@code uri} and {@code content}
     * @param model location of a package for the task detect, such as {@code builtin:face-detector}
     * @return rows of the job {@code detect}: {@code objects}, the best first, each a struct of {@code label, score, xmin, ymin,
     *     xmax, ymax} in pixels of the upright photo; how many and how good they must be is the package's advice
     * @throws InputException if a column is missing or of another type
     * @throws ModelPackageException if the package cannot be read, is not sound, or is for another task
     */
    public static Dataset<Row> detect(Dataset<Row> photos, String model) {
        ModelPackage files = open(photos, model).require(Task.DETECT);
        return PhotoTable.rows(
                photos,
                new DetectRows(
                        broadcast(photos, files),
                        files.detection().orElseThrow().limits()));
    }

    /**
     * Finds faces in photos and describes them, as far as it is asked to.
     *
     * @param photos with {@code id}, {@code uri} and {@code content}
     * @param detector location of a package that finds faces, such as {@code builtin:face-detector}
     * @param model location of a package for the task attributes, such as {@code builtin:face-attributes}
     * @param attributes what to say of each face, of the names that the package knows; none for boxes alone
     * @return rows of the job {@code faces} without embeddings: {@code faces}, the most certain first, each a struct of {@code
     *     score, xmin, ymin, xmax, ymax} in pixels of the upright photo, {@code attributes} (a map of names to values) and
     *     {@code embedding} (null); faces whose longer side is below 20 pixels are left out
     * @throws InputException if a column is missing or of another type, or the package does not know an attribute
     * @throws ModelPackageException if a package cannot be read, is not sound, or is for another task, or the two do not fit
     */
    public static Dataset<Row> faces(
            Dataset<Row> photos, String detector, String model, Collection<String> attributes) {
        FacePackages packages = new FacePackages(open(photos, detector), open(photos, model));
        return PhotoTable.rows(
                photos,
                new FaceRows(
                        broadcast(photos, packages),
                        packages.attributes(attributes),
                        Identity.LEFT_OUT,
                        packages.adviceOnScore(),
                        FaceRows.MIN_FACE,
                        1,
                        null));
    }

    /**
     * Makes the SQL functions of {@link PlanisphereExtensions} known to a session, by their names alone.
     *
     * @param spark the session; others do not see the functions
     */
    public static void register(SparkSession spark) {
        GeoFunctions.register(spark);
    }

    private static ModelPackage open(Dataset<Row> photos, String model) {
        return ModelPackage.open(model, photos.sparkSession().sparkContext().hadoopConfiguration());
    }

    private static <T extends Serializable> Broadcast<T> broadcast(Dataset<Row> photos, T value) {
        return JavaSparkContext.fromSparkContext(photos.sparkSession().sparkContext())
                .broadcast(value);
    }
}
