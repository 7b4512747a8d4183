package io.planisphere.jobs;

import io.planisphere.model.DetectionHead.Limits;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Task;
import io.planisphere.spark.rows.DetectRows;
import io.planisphere.spark.run.Sparks;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Detects objects in photos: boxes with a label and a score.
 *
 * <p><b>Input:</b> photos, as for {@code locate}; a package whose task is detect, by default {@code builtin:coco-detector}.
 *
 * <p><b>Output:</b> {@code batch=N/*.parquet} with one row per photo: {@code id, uri, status, detail, width, height, objects},
 * each object a struct of {@code label, score, xmin, ymin, xmax, ymax} in pixels of the upright photo; and {@code _run/run.json}.
 *
 * <p><b>Example:</b> {@code jobs/detect.sh --input src/samples/photos --output target/objects}
 *
 * <p><b>Resume:</b> run the same command again, as with {@code locate}.
 */
@Command(
        name = "detect",
        description = "Detect objects in photos.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Detect implements Callable<Integer> {
    @Mixin
    private InferenceOptions options = new InferenceOptions();

    @Option(
            names = "--model",
            paramLabel = "PACKAGE",
            description = "Model package: builtin:NAME, a directory or a zip. Default: ${DEFAULT-VALUE}.",
            defaultValue = "builtin:coco-detector")
    private String model = "";

    @Option(
            names = "--min-score",
            paramLabel = "P",
            description = "Minimum score of an object, 0 to 1. Default: that of the package.")
    private Optional<Double> minScore = Optional.empty();

    @Option(
            names = "--iou",
            paramLabel = "SHARE",
            description = "Maximum overlap (intersection over union, 0 to 1) of two objects of a class; 1 keeps all "
                    + "boxes. Default: that of the package.")
    private Optional<Double> iou = Optional.empty();

    @Option(
            names = "--max-objects",
            paramLabel = "N",
            description = "Maximum objects per photo; the highest-scoring ones are kept. Default: that of the package.")
    private Optional<Integer> maxObjects = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        options.check(problems);
        minScore.ifPresent(share -> share(problems, "--min-score", share));
        iou.ifPresent(share -> share(problems, "--iou", share));
        maxObjects.ifPresent(count -> InferenceOptions.atLeastOne(problems, "--max-objects", count));
        problems.refuse();

        SparkSession spark = Sparks.photoSession("planisphere detect");
        ModelPackage files = ModelPackage.open(model, spark.sparkContext().hadoopConfiguration())
                .require(Task.DETECT);
        Limits advised = files.detection().orElseThrow().limits();
        DetectRows rows = new DetectRows(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(files),
                new Limits(
                        minScore.orElse(advised.minScore()),
                        iou.orElse(advised.iou()),
                        maxObjects.orElse(advised.maxObjects())));
        InferenceJob job = new InferenceJob("detect", options, spec);
        return job.exitCode(job.run(spark, rows));
    }

    private static void share(Problems problems, String option, double value) {
        if (!(value >= 0 && value <= 1)) {
            problems.add(option + " must be from 0 to 1, got " + value);
        }
    }
}
