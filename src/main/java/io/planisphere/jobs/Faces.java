package io.planisphere.jobs;

import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.spark.rows.FacePackages;
import io.planisphere.spark.rows.FaceRows;
import io.planisphere.spark.rows.FaceRows.Identity;
import io.planisphere.spark.rows.FaceTable;
import io.planisphere.spark.run.InferenceRun.Outcome;
import io.planisphere.spark.run.Sparks;
import io.planisphere.vision.Tiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Detects faces in photos, and predicts the requested attributes and embeddings.
 *
 * <p><b>Input:</b> photos, as for {@code locate}; a detector with the label {@code face}, and a package with task attributes.
 *
 * <p><b>Output:</b> {@code batch=N/*.parquet} with one row per photo: {@code id, uri, status, detail, width, height, faces}, each
 * face {@code score, xmin, ymin, xmax, ymax, attributes, embedding}; and {@code _run/run.json}. Attributes are null without
 * {@code --attributes}, the embedding without {@code --embedding}. With {@code --soft-labels} a face also has {@code
 * soft_labels}: all probabilities of each attribute, in the binary format of {@code classify}.
 *
 * <p><b>Example:</b> {@code jobs/faces.sh --input src/samples/earth --output target/faces}
 *
 * <p><b>Resume:</b> run the same command again, as with {@code locate}.
 */
@Command(
        name = "faces",
        description = "Detect faces in photos, and predict their attributes or embeddings.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Faces implements Callable<Integer> {
    @Mixin
    private InferenceOptions options = new InferenceOptions();

    @Option(
            names = "--detector",
            paramLabel = "PACKAGE",
            description = "Model package that detects faces: builtin:NAME, a directory or a zip. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "builtin:face-detector")
    private String detector = "";

    @Option(
            names = "--model",
            paramLabel = "PACKAGE",
            description = "Model package that describes faces: builtin:NAME, a directory or a zip. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "builtin:face-attributes")
    private String model = "";

    @Option(
            names = "--attributes",
            paramLabel = "NAME",
            split = ",",
            description = "Attributes to predict for each face. Default: none.")
    private List<String> attributes = List.of();

    @Option(names = "--embedding", description = "Add an embedding of each face, for verification and clustering.")
    private boolean embedding;

    @Mixin
    private SoftLabelsOption softLabels = new SoftLabelsOption();

    @Option(
            names = "--min-score",
            paramLabel = "P",
            description = "Minimum score of a face, 0 to 1. Default: that of the detector.")
    private Optional<Double> minScore = Optional.empty();

    @Option(
            names = "--min-face",
            paramLabel = "PIXELS",
            description = "Minimum length of a face's longer side, in pixels; smaller faces are left out. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "" + FaceRows.MIN_FACE)
    private double minFace;

    @Option(
            names = "--scales",
            paramLabel = "N",
            description =
                    "Image scales for small faces in large photos: 1, the whole photo; 2, also tiles of half its sides "
                            + "(10 detector calls per photo); 3, also quarters (59); up to " + Tiles.MOST
                            + ". Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private int scales;

    @Option(
            names = "--faces-table",
            paramLabel = "URI",
            description = "Also write a table with one row per face, for all photos of the output; each run writes it "
                    + "anew.")
    private Optional<String> explode = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        options.check(problems);
        if (minScore.isPresent() && !(minScore.get() >= 0 && minScore.get() <= 1)) {
            problems.add("--min-score must be from 0 to 1, got " + minScore.get());
        }
        if (!(minFace >= 0)) {
            problems.add("--min-face must be at least 0, got " + minFace);
        }
        if (scales < 1 || scales > Tiles.MOST) {
            problems.add("--scales must be from 1 to " + Tiles.MOST + ", got " + scales);
        }
        softLabels.check(problems);
        problems.refuse();

        SparkSession spark = Sparks.photoSession("planisphere faces");
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        Optional<FaceTable> table = explode.isPresent() ? Optional.of(faceTable(hadoop)) : Optional.empty();
        FacePackages packages = new FacePackages(ModelPackage.open(detector, hadoop), ModelPackage.open(model, hadoop));
        ModelPackage describing = packages.describer();
        if (embedding && describing.embedding().isEmpty()) {
            throw new ModelPackageException(
                    describing.location(), "it has no embedding; leave --embedding out, or give another --model");
        }
        List<String> asked = packages.attributes(attributes);
        softLabels.refuseOthers(packages, asked, spec.commandLine().getOut());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        FaceRows rows = new FaceRows(
                context.broadcast(packages),
                asked,
                embedding ? Identity.EMBEDDED : Identity.LEFT_OUT,
                minScore.orElse(packages.adviceOnScore()),
                minFace,
                scales,
                softLabels.temperature());
        InferenceJob job = new InferenceJob("faces", options, spec);
        job.alsoUses(packages.detector());
        explode.ifPresent(job::alsoWrites);
        Outcome outcome = job.run(spark, rows, table.map(FaceTable::pass));
        if (table.isPresent() && outcome.photos() > 0) {
            spec.commandLine().getOut().printf("Faces: %s%n", explode.orElseThrow());
            spec.commandLine().getOut().flush();
        }
        return job.exitCode(outcome);
    }

    private FaceTable faceTable(Configuration hadoop) throws IOException {
        String uri = explode.orElseThrow();
        FaceTable table = new FaceTable(uri, hadoop);
        if (options.output().table().isEmpty() && table.isIn(options.output().given())) {
            throw new UserError("--faces-table " + uri + " lies in the --output; give a folder beside it");
        }
        if (table.isForeign()) {
            throw new UserError("--faces-table " + uri + " holds something else than faces; give a new folder");
        }
        return table;
    }
}
