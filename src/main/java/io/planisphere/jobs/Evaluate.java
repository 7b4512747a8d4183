package io.planisphere.jobs;

import io.planisphere.eval.PlaceEvaluation;
import io.planisphere.geo.Partition;
import io.planisphere.report.EvaluationReport;
import io.planisphere.report.ScoreReport;
import io.planisphere.spark.evaluate.PlaceMatch;
import io.planisphere.spark.evaluate.PlaceTruth;
import io.planisphere.spark.evaluate.UserList;
import io.planisphere.spark.file.WholeFile;
import io.planisphere.spark.lineage.Lineage;
import io.planisphere.spark.run.Sparks;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Scores predicted places: the median and mean error and the share of photos within 1, 25, 200, 750 and 2500 km, with confidence
 * intervals by user; the oracle scores of the cells; scores by group of photos and by confidence, and a comparison with another
 * run. With {@code --task}, scores the predictions of other jobs ({@link EvaluatedTask}).
 *
 * <p><b>Input:</b> the rows of a {@code locate} run, and the true places: a table (CSV, TSV, Parquet) with the columns id (or
 * uri, or file), latitude, longitude and, for honest intervals, user; or the photos' own EXIF, sidecars or metadata. A photo
 * without a prediction counts as wrong at every radius.
 *
 * <p><b>Output:</b> {@code metrics.json}, shares as fractions, 95 % intervals as pairs, null for infinite; a CSV file per table;
 * and the tables on the terminal.
 *
 * <p><b>Example:</b> {@code jobs/evaluate.sh --predictions rows --truth exif:photos --output scores}
 *
 * <p><b>Resume:</b> none; each file is written atomically at the end and replaces an older one, {@code metrics.json} last.
 */
@Command(
        name = "evaluate",
        description = "Evaluate predictions against ground truth: places, labels, objects, faces and more.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Evaluate implements Callable<Integer> {
    @Option(
            names = "--predictions",
            required = true,
            paramLabel = "DIR",
            description = "Output of a run; albums:DIR for the album predictions of a locate run.")
    private String predictions = "";

    @Option(
            names = "--task",
            paramLabel = "TASK",
            defaultValue = "PLACE",
            description = "What the predictions are: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private EvaluatedTask task = EvaluatedTask.PLACE;

    @Mixin
    private TruthOptions truth = new TruthOptions();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write metrics.json and tables to.")
    private String output = "";

    @Option(
            names = "--by",
            split = ",",
            paramLabel = "NAME",
            description = "Also score groups: continent, cell (an S2 cell of the size of a country), or any column of "
                    + "the ground truth or the rows. Repeatable.")
    private List<String> by = List.of();

    @Option(
            names = "--cells",
            paramLabel = "FILE|PACKAGE",
            description = "Cell list or model package: also score an oracle that always names the true cell.")
    private Optional<String> cells = Optional.empty();

    @Option(
            names = "--compare",
            paramLabel = "DIR",
            description = "Output of another locate run over the same photos, to compare with.")
    private Optional<String> compare = Optional.empty();

    @Option(
            names = "--exclude-users",
            paramLabel = "FILE",
            description = "File of user ids, one per line, whose photos are left out: the users of the training set.")
    private Optional<String> excludeUsers = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        SparkSession spark = Sparks.session("planisphere evaluate");
        return Lineage.of(spark, "evaluate", spec.commandLine().getErr())
                .reads(predictions)
                .reads(truth.uri())
                .reads(compare.stream().toList())
                .reads(cells.stream().toList())
                .reads(excludeUsers.stream().toList())
                .writes(output)
                .run(() -> evaluate(spark));
    }

    private int evaluate(SparkSession spark) throws IOException {
        Configuration hadoop = spark.sessionState().newHadoopConf();
        ScoreReport report = task == EvaluatedTask.PLACE ? places(spark, hadoop) : others(spark);
        for (Map.Entry<String, String> file : report.files().entrySet()) {
            new WholeFile(output + "/" + file.getKey(), hadoop).write(out -> out.write(file.getValue()));
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(report.text());
        out.printf(
                Locale.ROOT,
                "%nWrote %s/metrics.json and %d tables beside it%n",
                output,
                report.files().size() - 1);
        out.flush();
        return 0;
    }

    private ScoreReport places(SparkSession spark, Configuration hadoop) throws IOException {
        PlaceMatch match = match(spark, hadoop);
        refuseNothing(match);
        return new EvaluationReport(PlaceEvaluation.of(match.photos()), match.counts());
    }

    private ScoreReport others(SparkSession spark) throws IOException {
        if (cells.isPresent() || compare.isPresent() || excludeUsers.isPresent()) {
            throw new UserError("--cells, --compare and --exclude-users go with --task place only");
        }
        return task.report(spark, new EvaluatedTask.Request(predictions, truth, by));
    }

    private PlaceMatch match(SparkSession spark, Configuration hadoop) throws IOException {
        List<String> columns =
                by.stream().filter(name -> !PlaceMatch.DERIVED.contains(name)).toList();
        Problems problems = new Problems();
        Optional<PlaceTruth> places = problems.attempt(() -> truth.open(spark, columns));
        Optional<Partition> partition = Optional.empty();
        if (cells.isPresent()) {
            partition = problems.attempt(() -> CellsOption.read(cells.get(), hadoop));
        }
        Optional<UserList> excluded = Optional.empty();
        if (excludeUsers.isPresent()) {
            excluded = problems.attempt(() -> UserList.read(spark, excludeUsers.get()));
        }
        problems.refuse();
        try {
            return PlaceMatch.of(
                    spark, new PlaceMatch.Request(predictions, compare, places.orElseThrow(), by, partition, excluded));
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }

    private void refuseNothing(PlaceMatch match) {
        if (match.photos().count() == 0) {
            throw new UserError(String.format(
                    Locale.ROOT,
                    "No photo of %s has a true place in %s: %,d photos and %,d places do not meet, %,d are of excluded users; compare how the two name photos, and see --match",
                    predictions,
                    truth.uri(),
                    match.counts().withoutTruth(),
                    match.counts().withoutRow(),
                    match.counts().excluded()));
        }
        if (compare.isPresent() && match.counts().onlyHere() == match.photos().count()) {
            throw new UserError("No scored photo of %s is among the rows of %s; give runs over the same photos"
                    .formatted(predictions, compare.get()));
        }
    }
}
