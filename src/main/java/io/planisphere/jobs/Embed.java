package io.planisphere.jobs;

import io.planisphere.model.ModelPackage;
import io.planisphere.spark.rows.EmbedRows;
import io.planisphere.spark.rows.EmbedRows.Length;
import io.planisphere.spark.rows.EmbedRows.Precision;
import io.planisphere.spark.run.Sparks;
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
 * Computes embeddings (feature vectors) of photos, for training heads and for similarity search.
 *
 * <p><b>Input:</b> photos, as for {@code locate}; a package whose network has an embedding, by default {@code builtin:mobilenet-v2}.
 *
 * <p><b>Output:</b> {@code batch=N/*.parquet} with one row per photo: {@code id, uri, status, detail, width, height, embedding};
 * and {@code _run/run.json}. With {@code --precision half} the embedding is binary, two bytes per number, little-endian.
 *
 * <p><b>Example:</b> {@code jobs/embed.sh --input src/samples/photos --output target/embedded}
 *
 * <p><b>Resume:</b> run the same command again, as with {@code locate}.
 */
@Command(
        name = "embed",
        description = "Compute embeddings (feature vectors) of photos.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Embed implements Callable<Integer> {
    @Mixin
    private InferenceOptions options = new InferenceOptions();

    @Option(
            names = "--model",
            paramLabel = "PACKAGE",
            description = "Model package: builtin:NAME, a directory or a zip. Default: ${DEFAULT-VALUE}.",
            defaultValue = "builtin:mobilenet-v2")
    private String model = "";

    @Option(
            names = "--precision",
            paramLabel = "KIND",
            description = "float: array of 4-byte numbers; half: binary of 2-byte numbers. Default: ${DEFAULT-VALUE}.",
            defaultValue = "float")
    private Precision precision = Precision.FLOAT;

    @Option(names = "--normalize", description = "Scale each vector to length 1.")
    private boolean normalize;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        options.check(problems);
        problems.refuse();

        SparkSession spark = Sparks.photoSession("planisphere embed");
        ModelPackage files = EmbedRows.requireEmbedding(
                ModelPackage.open(model, spark.sparkContext().hadoopConfiguration()));
        EmbedRows rows = new EmbedRows(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(files),
                precision,
                normalize ? Length.UNIT : Length.FREE);
        InferenceJob job = new InferenceJob("embed", options, spec);
        return job.exitCode(job.run(spark, rows));
    }
}
