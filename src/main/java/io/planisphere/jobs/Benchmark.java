package io.planisphere.jobs;

import io.planisphere.image.ImageLimits;
import io.planisphere.model.ModelPackage;
import io.planisphere.report.SpeedReport;
import io.planisphere.source.GivenPath;
import io.planisphere.source.InputFormat;
import io.planisphere.source.PhotoInput;
import io.planisphere.source.PhotoInputs;
import io.planisphere.spark.benchmark.SpeedMeasurement;
import io.planisphere.spark.benchmark.SpeedMeasurement.Settings;
import io.planisphere.spark.file.WholeFile;
import io.planisphere.spark.rows.ClassifyRows;
import io.planisphere.spark.rows.DetectRows;
import io.planisphere.spark.rows.EmbedRows;
import io.planisphere.spark.rows.LocateRows;
import io.planisphere.spark.rows.PlaceRule;
import io.planisphere.spark.rows.RowMaker;
import io.planisphere.spark.run.Sparks;
import io.planisphere.vision.GeolocationModel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures the throughput of a job: each stage alone, the plain-threads baseline on photos in memory, and the job itself from
 * shards to Parquet, in turns on the same photos.
 *
 * <p><b>Input:</b> a folder of photos, which are repeated into shards until a turn takes {@code --seconds}, or existing shards; a
 * package for whole photos.
 *
 * <p><b>Output:</b> a table on the terminal, and the same as JSON with {@code --output}.
 *
 * <p><b>Example:</b> {@code jobs/benchmark.sh --images photos --model builtin:earth -- --master 'local[2]'}
 */
@Command(
        name = "benchmark",
        description = "Measure the throughput of a job against plain threads.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Benchmark implements Callable<Integer> {
    @Option(
            names = "--images",
            paramLabel = "URI",
            required = true,
            description = "Folder of photos, which are repeated, or shards, which are not.")
    private String images = "";

    @Option(
            names = "--model",
            paramLabel = "PACKAGE",
            description = "Model package: builtin:NAME, a directory or a zip. Default: ${DEFAULT-VALUE}.",
            defaultValue = "builtin:earth")
    private String model = "";

    @Option(names = "--output", paramLabel = "FILE", description = "JSON file to write with all figures.")
    private Optional<String> output = Optional.empty();

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "Measured turns. Default: ${DEFAULT-VALUE}.",
            defaultValue = "5")
    private int repetitions;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Length of a turn over a folder, in seconds. Default: ${DEFAULT-VALUE}.",
            defaultValue = "30")
    private double seconds;

    @Option(
            names = "--cores",
            paramLabel = "N",
            description = "Number of plain threads. Default: the tasks that Spark runs at once.")
    private Optional<Integer> cores = Optional.empty();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Photos per call of the network. Default: ${DEFAULT-VALUE}.",
            defaultValue = "4")
    private int batchSize;

    @Mixin
    private ResizeOptions resize = new ResizeOptions();

    @Option(
            names = "--memory",
            paramLabel = "BYTES",
            description = "Memory for photos that the plain threads read, such as 256M; the first photos are taken. "
                    + "Default: ${DEFAULT-VALUE}.",
            defaultValue = "256M")
    private String memory = "";

    @Option(
            names = "--scratch-dir",
            paramLabel = "URI",
            description = "Folder for temporary shards and rows, visible to all executors and deleted at the end. "
                    + "Default: a folder in this machine's temporary directory.")
    private Optional<String> work = Optional.empty();

    @Option(
            names = "--cold",
            description = "Run each turn in a new process, and count its start-up; only on a local master.")
    private boolean isCold;

    @Option(names = "--turn", hidden = true, description = "Run one turn of a cold measurement and print its figures.")
    private Optional<SpeedMeasurement.Kind> turn = Optional.empty();

    @Option(names = "--turn-photos", hidden = true, description = "Photos of that turn.", defaultValue = "0")
    private long turnPhotos;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Problems problems = new Problems();
        PhotoOptions.atLeastOne(problems, "--repetitions", repetitions);
        PhotoOptions.atLeastOne(problems, "--batch-size", batchSize);
        cores.ifPresent(n -> PhotoOptions.atLeastOne(problems, "--cores", n));
        if (!(seconds > 0 && seconds <= 3600)) {
            problems.add("--seconds must be above 0 and at most 3600, got " + seconds);
        }
        long held = problems.attempt(() -> ByteSize.parse("--memory", memory)).orElse(0L);
        resize.check(problems);
        problems.refuse();

        SparkSession spark = Sparks.photoSession("planisphere benchmark");
        if (isCold && !spark.sparkContext().isLocal()) {
            throw new UserError("--cold starts its processes on this machine, and Spark's master is "
                    + spark.sparkContext().master() + "; measure with --master 'local[N]', or without --cold");
        }
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        RowMaker rows = rows(ModelPackage.open(model, hadoop), JavaSparkContext.fromSparkContext(spark.sparkContext()));
        String scratch = work.orElse("file://" + System.getProperty("java.io.tmpdir"));
        Path folder = new Path(
                GivenPath.of("--scratch-dir", scratch, hadoop).path(), "planisphere-benchmark-" + UUID.randomUUID());
        int threads = cores.orElse(spark.sparkContext().defaultParallelism());
        SpeedMeasurement measurement = new SpeedMeasurement(
                spark,
                rows,
                new Settings(
                        threads,
                        batchSize,
                        repetitions,
                        resize.in(ImageLimits.DEFAULT),
                        held,
                        seconds,
                        folder,
                        isCold ? commandOfTurns(threads, scratch) : List.of()),
                spec.commandLine().getErr());
        try {
            PhotoInput input = new PhotoInputs(hadoop, InputFormat.AUTO, Optional.empty(), Optional.empty())
                    .of(List.of(images))
                    .get(0);
            if (turn.isPresent()) {
                spec.commandLine().getOut().println(measurement.coldTurn(turn.get(), input, turnPhotos));
                return 0;
            }
            SpeedReport report = measurement.run(input);
            spec.commandLine().getOut().print(report.text());
            spec.commandLine().getOut().flush();
            if (output.isPresent()) {
                new WholeFile(output.get(), hadoop).write(out -> out.write(report.json()));
            }
        } finally {
            folder.getFileSystem(hadoop).delete(folder, true);
        }
        return 0;
    }

    /** Returns this command line without input and repetitions, for one turn in another process. */
    private List<String> commandOfTurns(int threads, String scratch) {
        return List.of(
                "benchmark",
                "--model",
                model,
                "--cores",
                Integer.toString(threads),
                "--batch-size",
                Integer.toString(batchSize),
                "--memory",
                memory,
                "--resize",
                resize.resizing().code(),
                "--reducing-gap",
                Double.toString(resize.reducingGap()),
                "--scratch-dir",
                scratch);
    }

    /** Returns the rows that the job of the package's task makes, with its defaults. */
    private static RowMaker rows(ModelPackage files, JavaSparkContext context) {
        return switch (files.task()) {
            case LOCATE ->
                new LocateRows(context.broadcast(new GeolocationModel(files)), new PlaceRule(5, null, 0, 1), null);
            case CLASSIFY -> new ClassifyRows(context.broadcast(files), 5, 1, null);
            case EMBED -> new EmbedRows(context.broadcast(files), EmbedRows.Precision.FLOAT, EmbedRows.Length.FREE);
            case DETECT ->
                new DetectRows(
                        context.broadcast(files),
                        files.detection().orElseThrow().limits());
            case ATTRIBUTES ->
                throw new UserError("--model " + files.location()
                        + " looks at faces; benchmark measures packages for whole photos");
        };
    }
}
