package io.planisphere;

import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import io.planisphere.source.InputException;
import io.planisphere.spark.function.PhotoFunctions;
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
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The jobs as library calls for custom pipelines: each takes a table of photos and returns the rows of a job, with the job's
 * defaults.
 *
 * <p><b>Photos</b> have the columns {@code id} (string, the photo's own name), {@code uri} (string, the photo's location; unique)
 * and {@code content} (binary, the encoded photo), as the Spark sources {@code webdataset} and {@code imagesequence} produce
 * them. Where {@code content} is null, the columns {@code status} and {@code detail} of these sources, if present, give the
 * reason. Other columns are dropped; join them again by {@code uri}.
 *
 * <p><b>Models</b> are packages: {@code builtin:NAME}, a directory, or a zip on any file system that Hadoop can open. They are
 * read and checked before a method returns, and are sent to each executor once. All tasks of a JVM share one session per package.
 *
 * <p><b>Rows</b>, one per photo in input order: {@code id, uri, status, detail, width, height}, then the columns of the job. A
 * photo that cannot be read, or that the network fails on, has a status other than {@code ok}, a detail with the reason, and no
 * values. A row without both id and uri is one {@code missing} row.
 *
 * <p><b>Sessions</b> must be classic ones. With Spark Connect, call the SQL functions of {@link PlanisphereExtensions}, which give
 * the same values; tables and sessions of Spark Connect are refused by an {@link InputException}.
 *
 * <p>As with every {@code Dataset}, evaluation is lazy, and every action runs the inference again: write the rows, or persist
 * them. Photos are passed as row values here, which is slower than a job, whose tasks read shards themselves.
 */
public final class Planisphere {
    private Planisphere() {}

    /**
     * Predicts where photos were taken.
     *
     * @param photos table with {@code id}, {@code uri} and {@code content}
     * @param model location of a package for the task locate, such as {@code builtin:earth}
     * @return rows of the job {@code locate}: {@code latitude, longitude} in degrees, {@code cell} (an S2 token), {@code
     *     confidence} from 0 to 1, {@code radius_km, radius90_km}, and the five most probable {@code cells}
     * @throws InputException if a column is missing or of another type
     * @throws ModelPackageException if the package cannot be read, is invalid, or is for another task
     */
    public static Dataset<Row> locate(Dataset<Row> photos, String model) {
        requireClassic("locate", photos);
        return PhotoTable.rows(
                photos,
                new LocateRows(broadcast(photos, new GeolocationModel(open(photos, model))), PlaceRule.DEFAULT, null));
    }

    /**
     * Classifies photos.
     *
     * @param photos table with {@code id}, {@code uri} and {@code content}
     * @param model location of a package for the task classify
     * @return rows of the job {@code classify}: the five most probable {@code labels}, each a struct of {@code index, label,
     *     score}
     * @throws InputException if a column is missing or of another type
     * @throws ModelPackageException if the package cannot be read, is invalid, or is for another task
     */
    public static Dataset<Row> classify(Dataset<Row> photos, String model) {
        requireClassic("classify", photos);
        ModelPackage files = open(photos, model).require(Task.CLASSIFY);
        return PhotoTable.rows(photos, new ClassifyRows(broadcast(photos, files), ClassifyRows.TOP_K, 1, null));
    }

    /**
     * Computes the feature vectors of photos.
     *
     * @param photos table with {@code id}, {@code uri} and {@code content}
     * @param model location of a package with an embedding
     * @return rows of the job {@code embed}: {@code embedding}, an array of floats as the network outputs them
     * @throws InputException if a column is missing or of another type
     * @throws ModelPackageException if the package cannot be read, is invalid, or has no embedding
     */
    public static Dataset<Row> embed(Dataset<Row> photos, String model) {
        requireClassic("embed", photos);
        ModelPackage files = EmbedRows.requireEmbedding(open(photos, model));
        return PhotoTable.rows(photos, new EmbedRows(broadcast(photos, files), Precision.FLOAT, Length.FREE));
    }

    /**
     * Detects objects in photos.
     *
     * @param photos table with {@code id}, {@code uri} and {@code content}
     * @param model location of a package for the task detect, such as {@code builtin:face-detector}
     * @return rows of the job {@code detect}: {@code objects}, highest score first, each a struct of {@code label, score, xmin,
     *     ymin, xmax, ymax} in pixels of the upright photo; the package sets the maximum number of objects and the minimum score
     * @throws InputException if a column is missing or of another type
     * @throws ModelPackageException if the package cannot be read, is invalid, or is for another task
     */
    public static Dataset<Row> detect(Dataset<Row> photos, String model) {
        requireClassic("detect", photos);
        ModelPackage files = open(photos, model).require(Task.DETECT);
        return PhotoTable.rows(
                photos,
                new DetectRows(
                        broadcast(photos, files),
                        files.detection().orElseThrow().limits()));
    }

    /**
     * Detects faces in photos and predicts the requested attributes of each.
     *
     * @param photos table with {@code id}, {@code uri} and {@code content}
     * @param detector location of a package that detects faces, such as {@code builtin:face-detector}
     * @param model location of a package for the task attributes, such as {@code builtin:face-attributes}
     * @param attributes names of the attributes to predict, from those that the package has; empty for boxes alone
     * @return rows of the job {@code faces} without embeddings: {@code faces}, highest score first, each a struct of {@code
     *     score, xmin, ymin, xmax, ymax} in pixels of the upright photo, {@code attributes} (a map of names to values) and {@code
     *     embedding} (null); faces whose longer side is below 20 pixels are left out
     * @throws InputException if a column is missing or of another type, or the package lacks an attribute
     * @throws ModelPackageException if a package cannot be read, is invalid, or is for another task, or the two packages do not
     *     fit together
     */
    public static Dataset<Row> faces(
            Dataset<Row> photos, String detector, String model, Collection<String> attributes) {
        requireClassic("faces", photos);
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
     * Registers the SQL functions of {@link PlanisphereExtensions} with a session, under their unqualified names.
     *
     * @param spark the session, a classic one; other sessions do not get the functions
     * @throws InputException if the session is one of Spark Connect, whose server registers the functions
     */
    public static void register(SparkSession spark) {
        if (isOfConnect(spark)) {
            throw new InputException(
                    "Planisphere.register needs a classic Spark session, got one of Spark Connect; start"
                            + " its server with --conf spark.sql.extensions=" + PlanisphereExtensions.class.getName());
        }
        PhotoFunctions.register(spark);
    }

    private static void requireClassic(String method, Dataset<Row> photos) {
        if (isOfConnect(photos)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "Planisphere.%s needs a table of a classic Spark session, got one of Spark Connect; call the SQL"
                            + " function %s(content) instead (docs/library.md)",
                    method,
                    method));
        }
    }

    /** Returns whether this is a client's object; by its name, because a client has no classic classes to compare with. */
    private static boolean isOfConnect(Object sparks) {
        return sparks.getClass().getName().startsWith("org.apache.spark.sql.connect.");
    }

    private static ModelPackage open(Dataset<Row> photos, String model) {
        return ModelPackage.open(model, photos.sparkSession().sparkContext().hadoopConfiguration());
    }

    private static <T extends Serializable> Broadcast<T> broadcast(Dataset<Row> photos, T value) {
        return JavaSparkContext.fromSparkContext(photos.sparkSession().sparkContext())
                .broadcast(value);
    }
}
