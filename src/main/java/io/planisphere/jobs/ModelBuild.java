package io.planisphere.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.cost.CostTable;
import io.planisphere.geo.Cell;
import io.planisphere.geo.Partition;
import io.planisphere.mobilenet.Architecture;
import io.planisphere.mobilenet.Member;
import io.planisphere.mobilenet.SeededWeights;
import io.planisphere.mobilenet.TrainedMobileNet;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.GivenPath;
import io.planisphere.spark.run.Sparks;
import io.planisphere.train.InitialPackage;
import io.planisphere.train.PackageFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Writes an untrained network of the MobileNet family, with initialised weights, as a model package.
 *
 * <p><b>Input:</b> the architecture's name, and its classes: a number, labels, or the cells of a geolocator.
 *
 * <p><b>Output:</b> a model package. It runs, but its predictions are meaningless before training; use it for benchmarks and as a
 * starting point for training.
 *
 * <p><b>Example:</b> {@code jobs/model.sh build mobilenet-v1 --width 0.5 --resolution 160 --classes 26263 --output planet}
 *
 * <p><b>Resume:</b> none; the folder is written atomically at the end.
 */
@Command(
        name = "build",
        description = "Build an untrained network of the MobileNet family as a model package.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ModelBuild implements Callable<Integer> {
    /** The options for the network's classes. */
    static final class Classes {
        @Option(names = "--classes", paramLabel = "N", description = "Number of classes; their labels are numbers.")
        private Optional<Integer> count = Optional.empty();

        @Option(names = "--labels", paramLabel = "FILE", description = "Text file with one label per line.")
        private Optional<String> labels = Optional.empty();

        @Option(
                names = "--cells",
                paramLabel = "FILE|PACKAGE",
                description = "Cell list or geolocator whose cells are the classes; the package is for locate.")
        private Optional<String> cells = Optional.empty();
    }

    @Parameters(
            index = "0",
            paramLabel = "ARCHITECTURE",
            description = "Architecture, such as mobilenet-v1 or mobilenet-v3-small.")
    private String architecture = "";

    @Option(
            names = "--width",
            paramLabel = "ALPHA",
            description = "Width multiplier of all channels. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private double width;

    @Option(
            names = "--resolution",
            paramLabel = "PIXELS",
            description = "Width and height of the input, in pixels. Default: ${DEFAULT-VALUE}.",
            defaultValue = "224")
    private int resolution;

    @ArgGroup
    private Classes classes = new Classes();

    @Option(
            names = "--fold-batch-norm",
            description = "Fold batch normalization into the convolutions: smaller and faster, but not trainable any "
                    + "more.")
    private boolean folds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Random seed of the weights. Default: ${DEFAULT-VALUE}.",
            defaultValue = "1")
    private long seed;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the package. Default: that of the folder.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--licence",
            paramLabel = "TERMS",
            description = "Licence of the weights, which are random numbers. Default: ${DEFAULT-VALUE}.",
            defaultValue = "CC0-1.0")
    private String licence = "";

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "Folder to write the package to.")
    private String output = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        Optional<Architecture> described =
                problems.attempt(() -> Member.ofCode(architecture).of(width, resolution));
        if (classes.count.isEmpty() && classes.labels.isEmpty() && classes.cells.isEmpty()) {
            problems.add("Say what the network tells apart, with --classes N, --labels FILE or --cells FILE");
        }
        classes.count
                .filter(count -> count < 1 || count > LabelsFile.MOST)
                .ifPresent(count -> problems.add("--classes must be from 1 to " + LabelsFile.MOST + ", got " + count));
        problems.refuse();

        Configuration hadoop =
                Sparks.session("planisphere model build").sparkContext().hadoopConfiguration();
        Optional<Partition> cells = classes.cells.isPresent()
                ? problems.attempt(() -> CellsOption.read(classes.cells.get(), hadoop))
                : Optional.empty();
        Optional<List<String>> labels = problems.attempt(() -> labels(cells, hadoop));
        PackageFolder folder = new PackageFolder(
                GivenPath.of("Output", output, hadoop).refuseColon().path(), hadoop);
        if (folder.exists()) {
            problems.add("Cannot write a package to " + output + ": it exists; remove it or choose another --output");
        }
        problems.refuse();

        int count = labels.orElseThrow().size();
        TrainedMobileNet network = SeededWeights.of(described.orElseThrow(), count, seed);
        ModelPackage written = folder.write(new InitialPackage(
                network,
                folds ? network.toFoldedOnnx() : network.toOnnx(),
                name.orElseGet(() -> new Path(output).getName()),
                labels.orElseThrow(),
                cells.isPresent() ? Optional.of(csv(cells.get())) : Optional.empty(),
                licence,
                provenance()));
        report(network, written);
        return 0;
    }

    private List<String> labels(Optional<Partition> cells, Configuration hadoop) throws IOException {
        if (cells.isPresent()) {
            return cells.get().cells().stream().map(Cell::token).toList();
        }
        if (classes.labels.isPresent()) {
            return LabelsFile.read(classes.labels.get(), hadoop);
        }
        return IntStream.range(0, classes.count.orElse(0))
                .mapToObj(Integer::toString)
                .toList();
    }

    private static byte[] csv(Partition cells) throws IOException {
        StringBuilder csv = new StringBuilder();
        cells.write(csv);
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    private ObjectNode provenance() {
        return new ObjectMapper()
                .createObjectNode()
                .put("architecture", architecture)
                .put("width", width)
                .put("resolution", resolution)
                .put("seed", seed)
                .put("batch_norm", folds ? "folded" : "kept");
    }

    private void report(TrainedMobileNet network, ModelPackage written) {
        CostTable costs = network.architecture().costs(network.classes());
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%s with %,d classes: %,.1f M multiply-adds, %,.2f M parameters%nWrote %s (%s), untrained%n",
                architecture,
                network.classes(),
                costs.multiplyAdds() / 1e6,
                costs.parameters() / 1e6,
                written.location(),
                written.digest());
        out.flush();
    }
}
