package io.planisphere.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.model.Decoding;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.ModelPackageException;
import io.planisphere.source.GivenPath;
import io.planisphere.spark.evaluate.LabelTruth;
import io.planisphere.spark.evaluate.PlaceTruth;
import io.planisphere.spark.evaluate.UserList;
import io.planisphere.spark.lineage.Lineage;
import io.planisphere.spark.run.Sparks;
import io.planisphere.spark.train.CellLists;
import io.planisphere.spark.train.EmbeddingRun;
import io.planisphere.spark.train.GalleryBuild;
import io.planisphere.spark.train.HeadFit;
import io.planisphere.spark.train.HeadTraining;
import io.planisphere.spark.train.HeadTraining.Outcome;
import io.planisphere.spark.train.Provenance;
import io.planisphere.spark.train.Split;
import io.planisphere.spark.train.Validation;
import io.planisphere.train.DecodingFit;
import io.planisphere.train.PackageFolder;
import io.planisphere.train.RetrievalFit;
import io.planisphere.train.TrainedGallery;
import io.planisphere.train.TrainedPackage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Trains a softmax head per partition, or one for labels, on embeddings, and writes it with its backbone as a model package.
 *
 * <p><b>Input:</b> the rows of an {@code embed} run; places and cell lists, or a table of labels.
 *
 * <p><b>Output:</b> a package for {@code locate} or {@code classify}: network, preprocessing rule, cells or labels, and a
 * manifest with temperature, golden vectors and provenance.
 *
 * <p><b>Example:</b> {@code jobs/train.sh --embeddings embedded --places places.csv --cells cells --output package}
 *
 * <p><b>Resume:</b> none; the package is written atomically at the end. Repeat an interrupted run.
 */
@Command(
        name = "train",
        description = "Train heads on embeddings, and write them with their backbone as a model package.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Train implements Callable<Integer> {
    @Option(names = "--embeddings", required = true, paramLabel = "DIR", description = "Output of an embed run.")
    private String embeddings = "";

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "Folder to write the package to.")
    private String output = "";

    @Mixin
    private TargetOptions truth = new TargetOptions();

    @Mixin
    private FitOptions fit = new FitOptions();

    @Option(
            names = "--model",
            paramLabel = "PACKAGE",
            description = "Model package of the backbone, if it is not where embed found it.")
    private Optional<String> model = Optional.empty();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the package. Default: that of the output folder.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--licence",
            paramLabel = "TEXT",
            description = "Licence of the weights. Default: that of the backbone.")
    private Optional<String> licence = Optional.empty();

    @Mixin
    private GalleryOptions gallery = new GalleryOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Instant started = Instant.now();
        Problems problems = new Problems();
        truth.check(problems);
        Optional<Split> split = problems.attempt(fit::split);
        Optional<HeadFit> rule = problems.attempt(() -> fit.rule(truth.isLabels()));
        fit.check(problems);
        if (fit.smooths() && truth.isLabels()) {
            problems.add("--label-smoothing-km is for cells, whose distances are known; leave it out with --labels");
        }
        gallery.check(truth.isLabels(), split, problems);
        problems.refuse();

        SparkSession spark = Sparks.learningSession("planisphere train");
        Lineage lineage = Lineage.of(spark, "train", spec.commandLine().getErr())
                .reads(embeddings)
                .reads(truth.inputs())
                .reads(fit.excludeUsers().stream().toList())
                .writes(output);
        return lineage.run(() -> train(spark, split.orElseThrow(), rule.orElseThrow(), started, lineage));
    }

    private int train(SparkSession spark, Split split, HeadFit rule, Instant started, Lineage lineage)
            throws IOException {
        Problems problems = new Problems();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        PackageFolder folder = new PackageFolder(
                GivenPath.of("Output", output, hadoop).refuseColon().path(), hadoop);
        if (folder.exists()) {
            problems.add("Cannot write a package to " + output + ": it exists; remove it or choose another --output");
        }
        Optional<EmbeddingRun> run = problems.attempt(() -> EmbeddingRun.open(spark, embeddings));
        Optional<UserList> excluded = fit.excludeUsers().isEmpty()
                ? Optional.empty()
                : problems.attempt(() -> UserList.read(spark, fit.excludeUsers().orElseThrow()));
        problems.refuse();

        ModelPackage backbone = backbone(run.orElseThrow(), hadoop);
        String terms = licence.or(() -> backbone.licence())
                .orElseThrow(() -> new UserError("The backbone " + backbone.location()
                        + " states no licence; say under which terms the weights may be used with --licence"));
        lineage.uses(backbone);
        HeadTraining training = new HeadTraining(
                split, fit.minPhotos(), rule, excluded, spec.commandLine().getErr());
        Path scratch = new Path(output + "._gallery");
        try {
            Optional<GalleryBuild> build = gallery.build(scratch, hadoop, backbone.digest());
            Outcome outcome = outcome(training, run.orElseThrow(), backbone, build, spark);
            Provenance provenance = new Provenance(
                    embeddings,
                    run.orElseThrow(),
                    truth.described(embeddings),
                    spec.commandLine().getParseResult().originalArgs(),
                    started,
                    spark.version());
            ModelPackage written = folder.write(content(outcome, backbone, terms, provenance.json(training, outcome)));
            lineage.made(written);
            TrainReport.print(
                    outcome,
                    written,
                    Duration.between(started, Instant.now()),
                    spec.commandLine().getOut());
        } finally {
            scratch.getFileSystem(hadoop).delete(scratch, true);
        }
        return 0;
    }

    private TrainedPackage content(Outcome outcome, ModelPackage backbone, String terms, ObjectNode provenance) {
        return new TrainedPackage(
                backbone,
                name.orElseGet(() -> new Path(output).getName()),
                terms,
                outcome.heads(),
                outcome.validation().map(Validation::temperature).orElse(OptionalDouble.empty()),
                outcome.retrieval()
                        .map(RetrievalFit::decoding)
                        .or(() -> outcome.decoding().map(DecodingFit::decoding))
                        .orElse(Decoding.NONE),
                outcome.retrieval()
                        .map(fit -> new TrainedGallery(outcome.gallery().orElseThrow(), fit.retrieval())),
                provenance);
    }

    private Outcome outcome(
            HeadTraining training,
            EmbeddingRun run,
            ModelPackage backbone,
            Optional<GalleryBuild> build,
            SparkSession spark)
            throws IOException {
        try {
            if (truth.isLabels()) {
                TrainedPackage.checkTakes(backbone, List.of("labels"));
                LabelTruth labels = truth.labels(spark);
                return training.train(run, labels, truth.labelColumn());
            }
            CellLists cells = truth.cells(spark.sparkContext().hadoopConfiguration());
            TrainedPackage.checkTakes(backbone, cells.names());
            PlaceTruth places = truth.places(spark, embeddings);
            return training.train(run, places, cells, build);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    private ModelPackage backbone(EmbeddingRun run, Configuration hadoop) {
        ModelPackage backbone;
        try {
            backbone = ModelPackage.open(model.orElse(run.modelLocation()), hadoop);
        } catch (ModelPackageException e) {
            throw model.isPresent()
                    ? e
                    : new UserError(
                            e.getMessage() + "\nThe embeddings were made with it; say where it is now with --model");
        }
        if (!backbone.digest().equals(run.modelDigest())) {
            throw new UserError("The embeddings in %s were made with package %s, and %s is %s; give that one as --model"
                    .formatted(embeddings, run.modelDigest(), backbone.location(), backbone.digest()));
        }
        if (backbone.embedding().isEmpty()) {
            throw new UserError(
                    "Model package " + backbone.location() + " offers no embedding; name it in manifest.json");
        }
        return backbone;
    }
}
