package io.planisphere.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.image.ImageLimits;
import io.planisphere.image.Preprocessing.Element;
import io.planisphere.infer.Probe;
import io.planisphere.infer.Probe.Latency;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Task;
import io.planisphere.onnx.ShortWeights;
import io.planisphere.quantize.ActivationStatistics;
import io.planisphere.quantize.FloatNetwork;
import io.planisphere.quantize.Method;
import io.planisphere.quantize.RewrittenPackage;
import io.planisphere.source.Access;
import io.planisphere.source.Allowed;
import io.planisphere.source.GivenPath;
import io.planisphere.source.InputFormat;
import io.planisphere.source.PhotoInputs;
import io.planisphere.spark.lineage.Lineage;
import io.planisphere.spark.plan.SampledPhotos;
import io.planisphere.spark.quantize.Calibration;
import io.planisphere.spark.quantize.NetworkAgreement;
import io.planisphere.spark.quantize.PhotoSample;
import io.planisphere.spark.run.Sparks;
import io.planisphere.train.PackageFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Quantizes a float package to 8-bit weights and activations, or to 16-bit weights.
 *
 * <p><b>Input:</b> a package; photos like those of its future inputs, to measure activations on.
 *
 * <p><b>Output:</b> a package for the same jobs, whose manifest has its source and the settings.
 *
 * <p><b>Example:</b> {@code jobs/quantize.sh --model builtin:earth --calibration-input src/samples/earth --output
 * target/earth-int8}
 *
 * <p><b>Resume:</b> none; the package is written atomically at the end. Repeat an interrupted run.
 */
@Command(
        name = "quantize",
        description = "Make a model package smaller and faster: 8-bit weights and activations, or 16-bit weights.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Quantize implements Callable<Integer> {
    /** Minimum number of photos; with fewer, the range of a channel depends on chance. The value was chosen, not measured. */
    static final int LEAST_PHOTOS = 20;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CALLS = 60;
    private static final double BYTES_PER_MEGABYTE = 1e6;
    /** Tolerance of golden vectors: another processor may round an activation differently, and a step of 8 bits is large. */
    private static final double TOLERANCE_OF_8_BITS = 0.05;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "PACKAGE",
            description = "Model package: builtin:NAME, a directory or a zip.")
    private String model = "";

    @Option(
            names = "--calibration-input",
            paramLabel = "URI",
            description = "Photos like those the network will see: shards, a manifest or a folder. Repeatable.")
    private List<String> calibrate = List.of();

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "Folder to write the package to.")
    private String output = "";

    @Option(names = "--half", description = "16-bit weights; calculation stays in 32-bit floats. Needs no photos.")
    private boolean half;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            description = "How ranges are chosen: minmax, percentile or entropy. Default: ${DEFAULT-VALUE}.",
            defaultValue = "percentile")
    private Method method = Method.PERCENTILE;

    @Option(
            names = "--photos",
            paramLabel = "N",
            description = "Photos to calibrate with. Default: ${DEFAULT-VALUE}.",
            defaultValue = "200")
    private int photos;

    @Option(
            names = "--float-layers",
            paramLabel = "N",
            description = "Number of first layers that stay in floats, for accuracy. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private int floatLayers;

    @Option(
            names = "--weight-bits",
            paramLabel = "N",
            description = "8, or 7 for processors with AVX2 but without VNNI, whose 16-bit sums could overflow. "
                    + "Default: ${DEFAULT-VALUE}.",
            defaultValue = "8")
    private int weightBits;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "Format of the photos, as for classify. Default: ${DEFAULT-VALUE}.",
            defaultValue = "auto")
    private String format = "";

    @Option(
            names = "--allow",
            paramLabel = "URI",
            description = "Where manifests may name photos, as for classify. Repeatable.")
    private List<String> allow = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the package. Default: that of the output folder.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--licence",
            paramLabel = "TEXT",
            description = "Licence of the weights. Default: that of the model.")
    private Optional<String> licence = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        check(problems);
        Optional<InputFormat> photoFormat = problems.attempt(() -> InputFormat.ofCode(format));
        Optional<Allowed> allowed = problems.attempt(() -> Allowed.of(allow));
        problems.refuse();

        SparkSession spark = Sparks.session("planisphere quantize");
        Lineage lineage = Lineage.of(spark, "quantize", spec.commandLine().getErr())
                .reads(calibrate)
                .writes(output);
        return lineage.run(() -> quantize(spark, photoFormat.orElseThrow(), allowed.orElseThrow(), lineage));
    }

    private int quantize(SparkSession spark, InputFormat photoFormat, Allowed allowed, Lineage lineage)
            throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        PackageFolder folder = new PackageFolder(
                GivenPath.of("Output", output, hadoop).refuseColon().path(), hadoop);
        if (folder.exists()) {
            throw new UserError(
                    "Cannot write a package to " + output + ": it exists; remove it or choose another --output");
        }
        ModelPackage original = ModelPackage.open(model, hadoop);
        if (!original.weightFiles().isEmpty()) {
            throw new UserError("Cannot quantise " + original.location() + ": it keeps weights in "
                    + String.join(", ", original.weightFiles()) + "; give a package with its network in one file");
        }
        lineage.uses(original);
        String terms = licence.or(() -> original.licence())
                .orElseThrow(() -> new UserError("The package " + original.location()
                        + " states no licence; say under which terms the weights may be used with --licence"));
        if (half) {
            RewrittenPackage halved = rewritten(original, terms, ShortWeights.store(original.model()), halfRecord());
            ModelPackage written = folder.write(halved);
            lineage.made(written);
            report(original, written);
            return 0;
        }
        if (original.preprocessing().element() == Element.UINT8) {
            throw new UserError("The package " + original.location()
                    + " takes 8-bit pixels already, as quantised ones do; give the package with floats");
        }
        FloatNetwork network = tidied(original);
        PhotoSample sample = new PhotoSample(
                JavaSparkContext.fromSparkContext(spark.sparkContext()),
                SampledPhotos.of(
                        new PhotoInputs(hadoop, photoFormat, Optional.empty(), Optional.empty()).of(calibrate),
                        photos,
                        spark,
                        new Path(new Path(output) + "._photos.json"),
                        allowed),
                ImageLimits.DEFAULT,
                Access.of(allowed));
        ActivationStatistics statistics = Calibration.measure(sample, original, network);
        if (statistics.photos() < LEAST_PHOTOS) {
            throw new UserError("--calibration-input has " + statistics.photos() + " photos that can be decoded, and "
                    + LEAST_PHOTOS + " are needed; give more, of the kind that the network will see");
        }
        network.keptInFloats().forEach(spec.commandLine().getOut()::println);
        ObjectNode record = record(statistics, network.keptInFloats());
        byte[] eightBits = Calibration.complete(
                sample, original, network.quantisation(statistics, method, original.preprocessing(), weightBits));
        RewrittenPackage quantised = rewritten(original, terms, eightBits, record);
        ModelPackage written = folder.write(quantised);
        lineage.made(written);
        report(original, written);
        report(
                NetworkAgreement.of(sample, original, written, quantised.outputs()),
                original.task() == Task.LOCATE || original.task() == Task.CLASSIFY);
        return 0;
    }

    private void check(Problems problems) {
        if (half == !calibrate.isEmpty()) {
            problems.add(
                    half
                            ? "--half needs no photos; leave out --calibration-input, or --half for 8 bits"
                            : "--calibration-input is missing; give photos like those the network will see, or --half for 16-bit weights");
        }
        if (photos < LEAST_PHOTOS) {
            problems.add("--photos must be at least " + LEAST_PHOTOS + ", got " + photos);
        }
        if (floatLayers < 0) {
            problems.add("--float-layers must be at least 0, got " + floatLayers);
        }
        if (weightBits != 7 && weightBits != 8) {
            problems.add("--weight-bits must be 7 or 8, got " + weightBits);
        }
    }

    private FloatNetwork tidied(ModelPackage original) {
        try {
            return FloatNetwork.of(original.model(), floatLayers);
        } catch (IllegalArgumentException e) {
            throw new UserError("Cannot quantise " + original.location() + ": " + e.getMessage());
        }
    }

    private RewrittenPackage rewritten(ModelPackage original, String terms, byte[] network, ObjectNode record) {
        return new RewrittenPackage(
                original,
                name.orElseGet(() -> new Path(output).getName()),
                terms,
                network,
                !half,
                record,
                half ? 1e-4 : TOLERANCE_OF_8_BITS);
    }

    private static ObjectNode halfRecord() {
        return JSON.createObjectNode().put("weights", "int16, symmetric, per row");
    }

    private ObjectNode record(ActivationStatistics statistics, List<String> kept) {
        ObjectNode record = JSON.createObjectNode()
                .put("weights", "int8, symmetric, per channel, " + weightBits + " bits")
                .put("activations", "uint8")
                .put("float_layers", floatLayers)
                .put("method", method.code())
                .put("photos", statistics.photos());
        record.set("calibrate", JSON.valueToTree(calibrate));
        record.set("in_floats", JSON.valueToTree(kept));
        return record;
    }

    private void report(ModelPackage original, ModelPackage written) {
        PrintWriter out = spec.commandLine().getOut();
        double before = original.model().length / BYTES_PER_MEGABYTE;
        double after = written.model().length / BYTES_PER_MEGABYTE;
        out.printf(Locale.ROOT, "Network: %.2f MB, was %.2f MB (%.2f of it)%n", after, before, after / before);
        try (Probe slow = probe(original);
                Probe fast = probe(written)) {
            List<Latency> latencies = Probe.measure(List.of(slow, fast), CALLS);
            double was = latencies.get(0).medianMillis();
            double is = latencies.get(1).medianMillis();
            out.printf(
                    Locale.ROOT,
                    "One photo on one thread: %.3f ms, was %.3f ms (%.2f times as fast)%n",
                    is,
                    was,
                    was / is);
        }
        out.printf("Package: %s%n", written.location());
        out.flush();
    }

    private static Probe probe(ModelPackage model) {
        return Probe.open(
                model.location(),
                model.model(),
                Optional.empty(),
                Map.of(model.input(), model.preprocessing().axes()),
                1);
    }

    private void report(NetworkAgreement agreement, boolean isOfClasses) {
        PrintWriter out = spec.commandLine().getOut();
        for (NetworkAgreement.Output compared : agreement.outputs()) {
            out.printf(Locale.ROOT, "%s, %,d photos: ", compared.name(), compared.photos());
            if (isOfClasses) { // for boxes and attributes the largest score is meaningless
                out.printf(Locale.ROOT, "largest value at the same place in %.1f %%, ", 100 * compared.sameBestShare());
            }
            out.printf(
                    Locale.ROOT, "mean difference %.2g, largest %.2g%n", compared.meanDifference(), compared.largest());
        }
        out.flush();
    }
}
