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
import io.planisphere.spark.rows.LocateRows;
import io.planisphere.spark.rows.PlaceRule;
import io.planisphere.vision.GeolocationModel;
import io.planisphere.vision.SoftLabels;
import io.planisphere.vision.Tiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.ExperimentalMethods;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry$;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.jspecify.annotations.Nullable;
import scala.Function1;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Registers the functions {@code classify}, {@code locate}, {@code embed}, {@code detect} and {@code faces} with sessions, and the
 * rules by which their calls run in batches.
 */
public final class PhotoFunctions {
    static final String FACES = "faces";

    private static final String LOCATE = "locate";
    /** The source of the functions, one of the values that Spark accepts. */
    private static final String SOURCE = "scala_udf";

    private static final String MODEL_ARGUMENTS = "content [, model [, options]]";
    private static final String STATUS = "struct of status, detail, width, height, ";

    private static final List<PhotoFunctionBuilder> ALL = List.of(
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
                    STATUS + "latitude, longitude, cell, confidence, radius_km, cells: where the encoded photo was "
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

    /** Registers the functions with this session only. */
    public static void register(SparkSession spark) {
        ALL.forEach(function ->
                spark.sessionState().functionRegistry().createOrReplaceTempFunction(function.name, function, SOURCE));
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
                new Tuple3<>(new FunctionIdentifier(function.name), function.info(), function)));
        extensions.injectPlanNormalizationRule(spark -> new ExtractPhotoFunctions());
        extensions.injectOptimizerRule(spark -> new PruneUnusedInference());
        extensions.injectPlannerStrategy(spark -> new PhotoStrategy());
    }

    private static PhotoQuery classify(FunctionCall call) {
        ModelPackage files = call.open(Task.CLASSIFY);
        boolean hasSoftLabels = call.options().flag("soft_labels");
        @Nullable
        Double temperature = call.options()
                .number("temperature", "above 0", value -> value > 0 && Double.isFinite(value))
                .orElse(null);
        if (temperature != null && !hasSoftLabels) {
            throw new InputException(
                    "option temperature is for soft_labels; add 'soft_labels', 'true', or leave it out");
        }
        if (hasSoftLabels) {
            temperature = temperature == null ? Double.valueOf(1) : temperature;
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
        LocateRows rows = new LocateRows(call.broadcast(files.digest(), () -> new GeolocationModel(files)), rule, null);
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
        FaceRows rows = new FaceRows(
                call.broadcast(digests, () -> packages),
                packages.attributes(call.attributes()),
                isEmbedded ? Identity.EMBEDDED : Identity.LEFT_OUT,
                call.options().share("min_score", packages.adviceOnScore()),
                call.options()
                        .number("min_face", "at least 0", value -> value >= 0)
                        .orElse((double) FaceRows.MIN_FACE),
                scales,
                null);
        return call.query(digests, rows);
    }

    /**
     * One of the functions: makes the expression of each call, when a query is analysed.
     *
     * @param arguments names, as shown by DESCRIBE FUNCTION
     * @param model default location of the package
     */
    private record PhotoFunctionBuilder(
            String name, String arguments, String usage, String model, Function<FunctionCall, PhotoQuery> query)
            implements Function1<Seq<Expression>, Expression> {

        ExpressionInfo info() {
            String described = "_FUNC_(" + arguments + ") - " + usage;
            return new ExpressionInfo(
                    PhotoFunction.class.getName(), null, name, described, "", "", "", "", "", "", SOURCE);
        }

        @Override
        public Expression apply(Seq<Expression> given) {
            List<Expression> call = CollectionConverters.asJava(given);
            if (name.equals(LOCATE) && isOfText(call)) {
                return (Expression)
                        FunctionRegistry$.MODULE$.builtin().lookupFunction(new FunctionIdentifier(name), given);
            }
            try {
                return new PhotoFunction(query.apply(read(call)), call.get(0));
            } catch (InputException | ModelPackageException e) {
                String problem = String.valueOf(e.getMessage());
                throw FunctionRefusal.refuse(name, problem, name + "(" + arguments + ")", e);
            }
        }

        /** Returns whether the call is one of Spark's {@code locate(substr, str [, pos])}. */
        private static boolean isOfText(List<Expression> call) {
            boolean isText = call.size() >= 2
                    && !FunctionArguments.isBinary(call.get(0))
                    && !FunctionArguments.isMap(call.get(call.size() - 1));
            return isText && call.size() <= 3;
        }

        private FunctionCall read(List<Expression> call) {
            if (call.isEmpty()) {
                throw new InputException("the photo is missing");
            }
            Expression content = call.get(0);
            if (!FunctionArguments.isBinary(content) && !FunctionArguments.isNull(content)) {
                throw new InputException("the photo must be binary, got " + described(content));
            }
            String absent = content instanceof Attribute column
                    ? "The column " + column.name() + " is null"
                    : "The photo is null";
            List<Expression> constants = call.subList(1, call.size());
            return name.equals(FACES) ? withAttributes(absent, constants) : withModel(absent, constants);
        }

        private FunctionCall withModel(String absent, List<Expression> constants) {
            if (constants.size() > 2) {
                throw new InputException("it takes at most 3 arguments, got " + (constants.size() + 1));
            }
            String given = model;
            Map<String, String> options = Map.of();
            if (!constants.isEmpty() && !FunctionArguments.isNull(constants.get(0))) {
                if (!FunctionArguments.isText(constants.get(0))) {
                    throw new InputException(
                            "the model must be a string, got " + described(constants.get(0)) + "; NULL is the default");
                }
                given = FunctionArguments.text("the model", constants.get(0)).orElse(model);
            }
            if (constants.size() == 2 && !FunctionArguments.isNull(constants.get(1))) {
                options = options(constants.get(1));
            }
            return new FunctionCall(
                    name, given, absent, List.of(), new FunctionOptions(options), SparkSession.active());
        }

        private FunctionCall withAttributes(String absent, List<Expression> constants) {
            List<String> attributes = new ArrayList<>();
            Map<String, String> options = Map.of();
            for (int i = 0; i < constants.size(); i++) {
                Expression constant = constants.get(i);
                if (FunctionArguments.isText(constant)) {
                    attributes.add(FunctionArguments.text("an attribute", constant)
                            .orElseThrow(() -> new InputException("an attribute must not be null")));
                } else if (FunctionArguments.isTexts(constant)) {
                    attributes.addAll(FunctionArguments.texts("an attribute", constant));
                } else if (i == constants.size() - 1) {
                    options = options(constant);
                } else {
                    throw new InputException("an attribute must be a string, got " + described(constant));
                }
            }
            return new FunctionCall(
                    name, model, absent, attributes, new FunctionOptions(options), SparkSession.active());
        }

        private static Map<String, String> options(Expression argument) {
            if (!FunctionArguments.isMap(argument)) {
                throw new InputException("the options must be a map, got " + described(argument));
            }
            return FunctionArguments.options(argument);
        }

        private static String described(Expression argument) {
            return argument.sql() + " of type " + argument.dataType().catalogString();
        }
    }
}
