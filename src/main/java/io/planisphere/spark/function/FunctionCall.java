package io.planisphere.spark.function;

import io.planisphere.image.Crop;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Resizing;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Task;
import io.planisphere.source.InputException;
import io.planisphere.spark.rows.JobRows;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * The constants of one call while its query is analysed.
 *
 * @param function name of the function
 * @param model location of the package
 * @param absent detail of the status of a null photo
 * @param attributes requested attributes of faces; empty for other functions
 */
record FunctionCall(
        String function,
        String model,
        String absent,
        List<String> attributes,
        FunctionOptions options,
        SparkSession spark) {
    /** Reads and checks the package at a location. */
    ModelPackage open(String location) {
        return ModelPackage.open(location, spark.sessionState().newHadoopConf());
    }

    /** Reads the call's package and checks its task. */
    ModelPackage open(Task task) {
        ModelPackage files = open(model);
        if (files.task() != task) {
            throw new InputException(
                    "the task of " + model + " is " + files.task().code() + "; give a package for " + task.code());
        }
        return files;
    }

    /** Returns the broadcast of a value with these digests, which all calls with the same ones share. */
    <T extends Serializable> Broadcast<T> broadcast(String digests, Supplier<T> value) {
        return SharedBroadcasts.of(spark.sparkContext(), function + " " + digests, value);
    }

    /** Returns the number of crops per photo. */
    int crops(ModelPackage files) {
        int crops = options.smallCount("crops", 1);
        if (!Crop.COUNTS.contains(crops)) {
            throw new InputException("option crops must be one of " + Crop.COUNTS + ", got " + crops);
        }
        if (crops > 1 && !files.preprocessing().hasMargin()) {
            throw new InputException("option crops needs photos that are larger than the crop, and " + model
                    + " resizes them to it; leave it out");
        }
        return crops;
    }

    /** Returns the temperature of soft labels; null without them. */
    @Nullable
    Double softLabelTemperature() {
        boolean isAsked = options.flag("soft_labels");
        Optional<Double> given = options.number("temperature", "above 0", value -> value > 0 && Double.isFinite(value));
        if (given.isPresent() && !isAsked) {
            throw new InputException(
                    "option temperature is for soft_labels; add 'soft_labels', 'true', or leave it out");
        }
        return isAsked ? given.orElse(1.0) : null;
    }

    /** Reads the options of all functions, refuses others, and returns the query. */
    PhotoQuery query(String digests, JobRows rows) {
        Resizing resizing = options.oneOf("resize", Resizing.class, Resizing.EXACT);
        double exact = Resizing.EXACT.reducingGap();
        ImageLimits limits = new ImageLimits(
                options.count("max_pixels", ImageLimits.DEFAULT.maxPixels()),
                options.count("max_bytes", ImageLimits.DEFAULT.maxBytes()),
                options.number("reducing_gap", "from 1 to " + (int) exact, gap -> gap >= 1 && gap <= exact)
                        .orElse(resizing.reducingGap()),
                resizing);
        int batchSize = options.smallCount("batch_size", JobRows.BATCH_SIZE);
        options.refuseOthers();
        String set = options.settings().stream()
                .map(option -> ", '" + option.getKey() + "', '" + option.getValue() + "'")
                .collect(Collectors.joining());
        String named =
                attributes.stream().map(attribute -> ", '" + attribute + "'").collect(Collectors.joining());
        String arguments = (function.equals(PhotoFunctions.FACES) ? named : ", '" + model + "'")
                + (set.isEmpty() ? "" : ", map(" + set.substring(2) + ")");
        String identity = function + " " + digests + arguments;
        return new PhotoQuery(function, arguments, identity, rows, limits, batchSize, absent);
    }
}
