package io.planisphere.jobs;

import io.planisphere.image.Preprocessing;
import io.planisphere.image.Preprocessing.Resize;
import io.planisphere.model.Head;
import io.planisphere.model.ModelPackage;
import io.planisphere.onnx.OnnxModel;
import io.planisphere.onnx.YuNetGraph;
import io.planisphere.source.GivenPath;
import io.planisphere.spark.run.Sparks;
import io.planisphere.train.ImportedPackage;
import io.planisphere.train.NewPackage;
import io.planisphere.train.PackageFolder;
import io.planisphere.train.YuNetPackage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Makes a model package of an export, and prints what it assumes; docs/models.md has the export commands.
 *
 * <p><b>Input:</b> a folder with {@code model.onnx} (or {@code onnx/model.onnx}) and the configuration of transformers ({@code
 * config.json}, {@code preprocessor_config.json}) or of timm ({@code config.json} with {@code pretrained_cfg}), or with YuNet's
 * {@code model.onnx} alone.
 *
 * <p><b>Output:</b> a model package with a manifest, digests and golden vectors.
 *
 * <p><b>Example:</b> {@code jobs/model.sh import exported --licence Apache-2.0 --output package}
 *
 * <p><b>Resume:</b> none; the folder is written atomically at the end.
 */
@Command(
        name = "import",
        description = "Make a model package of a network exported to ONNX, and print what is assumed.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ModelImport implements Callable<Integer> {
    // values of --labels
    private static final String IMAGENET = "imagenet";
    private static final String IMAGENET_WITH_BACKGROUND = "imagenet-1001";

    private static final List<String> NETWORKS = List.of("model.onnx", "onnx/model.onnx");

    @Parameters(index = "0", paramLabel = "FOLDER", description = "Folder with the exported network.")
    private String folder = "";

    @Option(
            names = "--labels",
            paramLabel = "FILE|imagenet|imagenet-1001",
            description =
                    "Labels in the order of the scores, if config.json has none: a text file with one per line; or "
                            + "imagenet, the 1,000 classes of ImageNet, or 1,001 with background first.")
    private Optional<String> labels = Optional.empty();

    @Option(
            names = "--licence",
            paramLabel = "TERMS",
            description = "Licence of the weights. Default: what timm's config.json says.")
    private Optional<String> licence = Optional.empty();

    @Option(
            names = "--source",
            paramLabel = "TEXT",
            description = "Where the weights come from, for readers of the manifest.")
    private Optional<String> source = Optional.empty();

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the package. Default: that of the output.")
    private Optional<String> name = Optional.empty();

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "Folder to write the package to.")
    private String output = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Configuration hadoop =
                Sparks.session("planisphere model import").sparkContext().hadoopConfiguration();
        PackageFolder target = new PackageFolder(
                GivenPath.of("Output", output, hadoop).refuseColon().path(), hadoop);
        if (target.exists()) {
            throw new UserError(
                    "Cannot write a package to " + output + ": it exists; remove it or choose another --output");
        }
        if (GivenPath.of("Export", folder + "/manifest.json", hadoop).exists()) {
            throw new UserError(
                    folder + " has a manifest.json, so it is a package already; give it to --model as it is");
        }
        List<String> assumed = new ArrayList<>();
        ModelPackage written = target.write(content(hadoop, assumed));
        PrintWriter out = spec.commandLine().getOut();
        assumed.forEach(out::println);
        out.printf("Wrote %s (%s)%n", written.location(), written.digest());
        out.flush();
        return 0;
    }

    private NewPackage content(Configuration hadoop, List<String> assumed) throws IOException {
        String packageName = name.orElseGet(() -> new Path(output).getName());
        String origin = source.orElse("imported from " + new Path(folder).getName());
        Optional<byte[]> yuNet = yuNet(hadoop);
        if (yuNet.isPresent()) {
            YuNetPackage face = new YuNetPackage(yuNet.get(), packageName, terms(Optional.empty()), origin);
            int side = YuNetGraph.side(OnnxModel.read("model.onnx", yuNet.get()));
            assumed.add("Network:       YuNet, by the names of its outputs; joined as OpenCV's FaceDetectorYN does");
            assumed.add(
                    "Preprocessing: stretched to " + side + " x " + side + ", bilinear; blue, green, red, 0 to 255");
            assumed.add("Limits:        score 0.9, overlap 0.3, as in OpenCV's model zoo");
            return face;
        }
        ModelPackage export = labels.isPresent()
                ? ModelPackage.open(folder, given(labels.get(), hadoop), hadoop)
                : ModelPackage.open(folder, hadoop);
        describe(export, assumed);
        return new ImportedPackage(export, packageName, terms(export.licence()), origin);
    }

    private Optional<byte[]> yuNet(Configuration hadoop) throws IOException {
        for (String file : NETWORKS) {
            GivenPath path = GivenPath.of("Export", folder + "/" + file, hadoop);
            if (path.exists()) {
                try (InputStream in = path.open()) {
                    byte[] network = in.readAllBytes();
                    return YuNetGraph.isYuNet(OnnxModel.read(file, network)) ? Optional.of(network) : Optional.empty();
                } catch (IllegalArgumentException e) {
                    throw new UserError("Cannot import " + folder + ": " + e.getMessage());
                }
            }
        }
        throw new UserError(
                "Cannot import " + folder + ": there is neither model.onnx nor onnx/model.onnx in it; export"
                        + " the network to ONNX first (docs/models.md)");
    }

    private static List<String> given(String labelsOption, Configuration hadoop) throws IOException {
        if (!labelsOption.equals(IMAGENET) && !labelsOption.equals(IMAGENET_WITH_BACKGROUND)) {
            return LabelsFile.read(labelsOption, hadoop);
        }
        List<String> all = ModelPackage.open("builtin:mobilenet-v2", hadoop).labels();
        return labelsOption.equals(IMAGENET) ? all.subList(1, all.size()) : all;
    }

    private String terms(Optional<String> stated) {
        return licence.or(() -> stated)
                .orElseThrow(() -> new UserError(
                        folder + " states no licence; say under which terms the weights may be used with --licence"));
    }

    private static void describe(ModelPackage export, List<String> assumed) {
        Preprocessing rule = export.preprocessing();
        assumed.add("Task:          " + export.task().code()
                + (export.labels().isEmpty()
                        ? ""
                        : ", " + export.labels().size() + " labels, " + few(export.labels())));
        assumed.add("Input:         " + export.input() + ", " + rule.layout());
        for (Head head : export.heads()) {
            assumed.add("Scores:        " + head.output() + ", "
                    + (head.activation().code().equals("none")
                            ? "which are probabilities already"
                            : "which become probabilities by "
                                    + head.activation().code()));
        }
        export.embedding()
                .ifPresent(vector -> assumed.add("Embedding:     " + vector.output()
                        + (vector.width().isPresent() ? ", " + vector.width().getAsInt() + " values" : "")));
        assumed.add("Preprocessing: " + described(rule));
    }

    private static String few(List<String> labels) {
        return labels.stream().limit(3).collect(Collectors.joining(", ")) + (labels.size() > 3 ? ", …" : "");
    }

    private static String described(Preprocessing rule) {
        String resize = rule.resize() instanceof Resize.ShortestSide side
                ? "shorter side to " + side.pixels() + ", "
                : rule.resize() instanceof Resize.Exact exact
                        ? "stretched to " + exact.size().width() + " x "
                                + exact.size().height() + ", "
                        : "";
        return String.format(
                Locale.ROOT,
                "%s%s; centre %d x %d; %s; (x · %.4g − %s) / %s",
                resize,
                rule.resampling().name().toLowerCase(Locale.ROOT),
                rule.crop().width(),
                rule.crop().height(),
                rule.channels() == Preprocessing.Channels.BGR ? "blue, green, red" : "red, green, blue",
                rule.rescaleFactor(),
                rule.mean(),
                rule.std());
    }
}
