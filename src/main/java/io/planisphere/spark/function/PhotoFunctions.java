package io.planisphere.spark.function;

import com.google.common.geometry.S2CellId;
import io.planisphere.model.DetectionHead.Limits;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.Task;
import io.planisphere.source.InputException;
import io.planisphere.spark.rows.ClassifyRows;
import io.planisphere.spark.rows.DetectRows;
import io.planisphere.spark.rows.EmbedRows;
import io.planisphere.spark.rows.EmbedRows.Length;
import io.planisphere.spark.rows.EmbedRows.Precision;
import io.planisphere.spark.rows.FacePackages;
import io.planisphere.spark.rows.FaceRows;
import io.planisphere.spark.rows.FaceRows.Identity;
import io.planisphere.spark.rows.GalleryUse;
import io.planisphere.spark.rows.LocateRows;
import io.planisphere.spark.rows.PlaceRule;
import io.planisphere.vision.GeolocationModel;
import io.planisphere.vision.SoftLabels;
import io.planisphere.vision.Tiles;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.jspecify.annotations.Nullable;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Registers the functions {@code classify}, {@code locate}, {@code embed}, {@code detect} and {@code faces} with sessions, and the
 * rules by which their calls run in batches.
 */
public final class PhotoFunctions {
    static final String FACES = "faces";

    static final String LOCATE = "locate";

    private static final String MODEL_ARGUMENTS = "content [, model [, options]]";
    private static final String STATUS = "struct of status, detail, width, height, ";

    static final List<PhotoFunctionBuilder> ALL = List.of(
            new PhotoFunctionBuilder(
                    "classify",
                    MODEL_ARGUMENTS,
                    STATUS + "labels: the most probable labels of the encoded photo, by default with "
                            + "builtin:mobilenet-v2",
                    "builtin:mobilenet-v2",
                    PhotoFunctions::classify),
            new PhotoFunctionBuilder(
                    LOCATE,
                    MODEL_ARGUMENTS,
                    STATUS
                            + "latitude, longitude, cell, confidence, radius_km, radius90_km, cells: where the encoded photo was "
                            + "taken, by default with builtin:earth. With strings, locate(substr, str [, pos]) is "
                            + "Spark's own function",
                    "builtin:earth",
                    PhotoFunctions::locate),
            new PhotoFunctionBuilder(
                    "embed",
                    MODEL_ARGUMENTS,
                    STATUS + "embedding: the feature vector of the encoded photo, by default with "
                            + "builtin:mobilenet-v2",
                    "builtin:mobilenet-v2",
                    PhotoFunctions::embed),
            new PhotoFunctionBuilder(
                    "detect",
                    MODEL_ARGUMENTS,
                    STATUS + "objects: the objects in the encoded photo, by default with builtin:coco-detector",
                    "builtin:coco-detector",
                    PhotoFunctions::detect),
            new PhotoFunctionBuilder(
                    FACES,
                    "content [, attribute ...] [, options]",
                    STATUS + "faces: the faces in the encoded photo with the named attributes, by default with the "
                            + "options detector builtin:face-detector and model builtin:face-attributes",
                    "builtin:face-attributes",
                    PhotoFunctions::faces));

    private PhotoFunctions() {}

    /** Registers these functions and those of geography with this session only. */
    public static void register(SparkSession spark) {
        // As extensions do. Spark 4.2 looks for temporary functions after its own of the same name, such as locate.
        SparkSessionExtensions extensions = new SparkSessionExtensions();
        GeoFunctions.inject(extensions);
        inject(extensions);
        extensions.registerFunctions(spark.sessionState().functionRegistry());
        ExperimentalMethods methods = spark.sessionState().experimentalMethods();
        if (CollectionConverters.asJava(methods.extraStrategies()).stream()
                .noneMatch(PhotoStrategy.class::isInstance)) {
            methods.extraOptimizations_$eq(plus(
                    methods.extraOptimizations(), List.of(new ExtractPhotoFunctions(), new PruneUnusedInference())));
            methods.extraStrategies_$eq(plus(methods.extraStrategies(), List.of(new PhotoStrategy())));
        }
    }

    private static <T> Seq<T> plus(Seq<T> elements, List<T> more) {
        List<T> all = new ArrayList<>(CollectionConverters.asJava(elements));
        all.addAll(more);
        return CollectionConverters.asScala(all).toList();
    }

    /** Registers the functions with every session that is created with these extensions. */
    public static void inject(SparkSessionExtensions extensions) {
        ALL.forEach(function -> extensions.injectFunction(
                new Tuple3<>(new FunctionIdentifier(function.name()), function.info(), function)));
        extensions.injectPlanNormalizationRule(spark -> new ExtractPhotoFunctions());
        extensions.injectOptimizerRule(spark -> new PruneUnusedInference());
        extensions.injectPlannerStrategy(spark -> new PhotoStrategy());
    }

    private static PhotoQuery classify(FunctionCall call) {
        ModelPackage files = call.open(Task.CLASSIFY);
        @Nullable Double temperature = call.softLabelTemperature();
        if (temperature != null) {
            SoftLabels.ofClasses(files, temperature); // throws if the package has no soft labels
        }
        ClassifyRows rows = new ClassifyRows(
                call.broadcast(files.digest(), () -> files),
                call.options().smallCount("top_k", ClassifyRows.TOP_K),
                call.crops(files),
                temperature);
        return call.query(files.digest(), rows);
    }

    private static PhotoQuery locate(FunctionCall call) {
        ModelPackage files = call.open(Task.LOCATE);
        @Nullable
        Integer finestLevel = call.options()
                .number(
                        "finest_level",
                        "a whole number from 0 to " + S2CellId.MAX_LEVEL,
                        value -> value >= 0 && value <= S2CellId.MAX_LEVEL && value == Math.rint(value))
                .map(Double::intValue)
                .orElse(null);
        PlaceRule rule = new PlaceRule(
                call.options().smallCount("top_k", PlaceRule.TOP_K),
                finestLevel,
                call.options().share("min_confidence", 0),
                call.crops(files));
        LocateRows rows = new LocateRows(
                call.broadcast(files.digest(), () -> new GeolocationModel(files)),
                rule,
                null,
                call.options().flag("no_gallery") ? GalleryUse.OFF : GalleryUse.ALL);
        return call.query(files.digest(), rows);
    }

    private static PhotoQuery embed(FunctionCall call) {
        ModelPackage files = EmbedRows.requireEmbedding(call.open(call.model()));
        EmbedRows rows = new EmbedRows(
                call.broadcast(files.digest(), () -> files),
                call.options().oneOf("precision", Precision.class, Precision.FLOAT),
                call.options().flag("normalize") ? Length.UNIT : Length.FREE);
        return call.query(files.digest(), rows);
    }

    private static PhotoQuery detect(FunctionCall call) {
        ModelPackage files = call.open(Task.DETECT);
        Limits advised = files.detection().orElseThrow().limits();
        DetectRows rows = new DetectRows(
                call.broadcast(files.digest(), () -> files),
                new Limits(
                        call.options().share("min_score", advised.minScore()),
                        call.options().share("iou", advised.iou()),
                        call.options().smallCount("max_objects", advised.maxObjects())));
        return call.query(files.digest(), rows);
    }

    private static PhotoQuery faces(FunctionCall call) {
        String detector = call.options().text("detector").orElse("builtin:face-detector");
        String model = call.options().text("model").orElse(call.model());
        FacePackages packages = new FacePackages(call.open(detector), call.open(model));
        boolean isEmbedded = call.options().flag("embedding");
        if (isEmbedded && packages.describer().embedding().isEmpty()) {
            throw new ModelPackageException(
                    model, "it has no embedding; leave the option embedding out, or give another model");
        }
        int scales = call.options().smallCount("scales", 1);
        if (scales > Tiles.MOST) {
            throw new InputException("option scales must be from 1 to " + Tiles.MOST + ", got " + scales);
        }
        String digests =
                packages.detector().digest() + " " + packages.describer().digest();
        List<String> asked = packages.attributes(call.attributes());
        @Nullable Double temperature = call.softLabelTemperature();
        if (temperature != null) {
            packages.withoutSoftLabels("soft_labels", "the list of attributes", asked, temperature);
        }
        FaceRows rows = new FaceRows(
                call.broadcast(digests, () -> packages),
                asked,
                isEmbedded ? Identity.EMBEDDED : Identity.LEFT_OUT,
                call.options().share("min_score", packages.adviceOnScore()),
                call.options()
                        .number("min_face", "at least 0", value -> value >= 0)
                        .orElse((double) FaceRows.MIN_FACE),
                scales,
                temperature);
        return call.query(digests, rows);
    }
}
