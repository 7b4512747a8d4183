package io.planisphere.jobs;

import io.planisphere.model.ModelPackage;
import io.planisphere.model.Task;
import io.planisphere.spark.rows.ClassifyRows;
import io.planisphere.spark.run.Sparks;
import io.planisphere.vision.SoftLabels;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Classifies photos: predicts the most probable labels.
 *
 * <p><b>Input:</b> photos, as for {@code locate}; a package for the task classify, by default {@code builtin:mobilenet-v2}.
 *
 * <p><b>Output:</b> {@code batch=N/*.parquet} with one row per photo: {@code id, uri, status, detail, width, height, labels}; and
 * {@code _run/run.json}. With {@code --soft-labels} also {@code soft_labels}, the probability of every label in the order of the
 * network, binary, two bytes per number, little-endian.
 *
 * <p><b>Example:</b> {@code jobs/classify.sh --input src/samples/photos --output target/labelled}
 *
 * <p><b>Resume:</b> run the same command again, as with {@code locate}.
 */
@Command(name = "classify", description = "Classify photos.", mixinStandardHelpOptions = true, sortOptions = false)
public final class Classify implements Callable<Integer> {
    @Mixin
    private InferenceOptions options = new InferenceOptions();

    @Option(
            names = "--model",
            paramLabel = "PACKAGE",
            description =
                    "Model package with a classifier: builtin:NAME, a directory or a zip. Default: ${DEFAULT-VALUE}.",
            defaultValue = "builtin:mobilenet-v2")
    private String model = "";

    @Option(
            names = "--top-k",
            paramLabel = "N",
            description = "Labels per row. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + ClassifyRows.TOP_K)
    private int topK;

    @Mixin
    private CropsOption crops = new CropsOption();

    @Mixin
    private SoftLabelsOption softLabels = new SoftLabelsOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        options.check(problems);
        InferenceOptions.atLeastOne(problems, "--top-k", topK);
        crops.check(problems);
        softLabels.check(problems);
        problems.refuse();

        SparkSession spark = Sparks.photoSession("planisphere classify");
        ModelPackage files = ModelPackage.open(model, spark.sparkContext().hadoopConfiguration())
                .require(Task.CLASSIFY);
        crops.refuseIfAllAreTheSame(files);
        Double temperature = softLabels.temperature();
        if (temperature != null) {
            SoftLabels.ofClasses(files, temperature); // throws if the package has no soft labels
        }
        ClassifyRows rows = new ClassifyRows(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(files),
                topK,
                crops.count(),
                temperature);
        InferenceJob job = new InferenceJob("classify", options, spec);
        return job.exitCode(job.run(spark, rows));
    }
}
