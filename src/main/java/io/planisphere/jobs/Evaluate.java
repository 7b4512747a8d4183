package io.planisphere.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import io.planisphere.eval.GeoScore;
import io.planisphere.eval.GeoScore.Estimate;
import io.planisphere.eval.GeoScore.Within;
import io.planisphere.spark.Sparks;
import io.planisphere.spark.file.WholeFile;
import io.planisphere.spark.place.PhotoKey;
import io.planisphere.spark.place.PlaceErrors;
import io.planisphere.spark.place.PlaceTruth;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Scores predicted places: the median error and the share of photos within 1, 25, 200, 750 and 2500 km.
 *
 * <p><b>Input:</b> the rows of a {@code locate} run, and the true places: a table (CSV, TSV, Parquet) with the columns id
 * (or uri, or file), latitude and longitude, or {@code exif:FOLDER}, the GPS positions in the photos themselves. A photo
 * without an answer is wrong at every radius.
 *
 * <p><b>Output:</b> {@code metrics.json}, shares as fractions, intervals of 95 % as pairs, null for infinite; and a table on
 * the terminal.
 *
 * <p><b>Example:</b> {@code jobs/evaluate.sh --predictions rows --truth exif:photos --output scores}
 *
 * <p><b>Resume:</b> none; {@code metrics.json} appears at the end, whole, in place of an older one.
 */
@Command(
        name = "evaluate",
        description = "Scores predicted places against true ones.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Evaluate implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--predictions", required = true, paramLabel = "DIR", description = "the output of a locate run")
    private String predictions = "";

    @Option(
            names = "--truth",
            required = true,
            paramLabel = "URI",
            description = "true places: CSV, TSV or Parquet, or exif:FOLDER for the photos' own GPS")
    private String truth = "";

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "where to write metrics.json")
    private String output = "";

    @Option(
            names = "--photo-column",
            paramLabel = "NAME",
            description =
                    "the truth's column that names photos; default: id, photo_id, img_id, uri, file, name or path")
    private Optional<String> photoColumn = Optional.empty();

    @Option(names = "--latitude-column", paramLabel = "NAME", description = "default: latitude or lat")
    private Optional<String> latitudeColumn = Optional.empty();

    @Option(names = "--longitude-column", paramLabel = "NAME", description = "default: longitude, lon, lng or long")
    private Optional<String> longitudeColumn = Optional.empty();

    @Option(
            names = "--user-column",
            paramLabel = "NAME",
            description = "default: user, user_id, author, uid, owner or photographer, if there is one")
    private Optional<String> userColumn = Optional.empty();

    @Option(
            names = "--match",
            paramLabel = "KEY",
            description =
                    "how it names them: ${COMPLETION-CANDIDATES}, NAME being the file's without folders and endings; "
                            + "default: as the column is called")
    private Optional<PhotoKey> match = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        SparkSession spark = Sparks.session("planisphere evaluate");
        PlaceTruth.Columns columns =
                new PlaceTruth.Columns(photoColumn, latitudeColumn, longitudeColumn, userColumn, List.of());
        PlaceErrors errors;
        try {
            errors = PlaceErrors.of(spark, predictions, PlaceTruth.open(spark, truth, columns, match));
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
        if (errors.errorsKm().length == 0) {
            throw new UserError(
                    "No photo of %s has a true place in %s: %,d photos and %,d places do not meet; compare how the two name photos, and see --match"
                            .formatted(predictions, truth, errors.withoutTruth(), errors.withoutPrediction()));
        }
        GeoScore score = GeoScore.of(errors.errorsKm());
        String file = output + "/metrics.json";
        new WholeFile(file, spark.sessionState().newHadoopConf())
                .write(out -> out.write(metrics(errors, score).toPrettyString() + "\n"));
        report(errors, score, file);
        return 0;
    }

    private static ObjectNode metrics(PlaceErrors errors, GeoScore score) {
        ObjectNode metrics = JSON.createObjectNode();
        metrics.put("n", score.n());
        metrics.put("unanswered", errors.unanswered());
        metrics.put("photos_without_truth", errors.withoutTruth());
        metrics.put("truth_without_photo", errors.withoutPrediction());
        metrics.set("median_km", number(score.medianKm().value()));
        metrics.set("median_km_95", interval(score.medianKm()));
        ObjectNode shares = metrics.putObject("within_km");
        ObjectNode intervals = metrics.putObject("within_km_95");
        for (Within within : score.within()) {
            String radius = String.valueOf(within.radiusKm());
            shares.set(radius, number(within.share().value()));
            intervals.set(radius, interval(within.share()));
        }
        return metrics;
    }

    private static ArrayNode interval(Estimate estimate) {
        return JSON.createArrayNode().add(number(estimate.low())).add(number(estimate.high()));
    }

    /** JSON has no infinity. */
    private static ValueNode number(double value) {
        return Double.isFinite(value)
                ? JSON.getNodeFactory().numberNode(value)
                : JSON.getNodeFactory().nullNode();
    }

    private void report(PlaceErrors errors, GeoScore score, String file) {
        PrintWriter out = spec.commandLine().getOut();
        Estimate median = score.medianKm();
        out.printf(
                Locale.ROOT, "%,d photos with a true place, %,d of them unanswered%n", score.n(), errors.unanswered());
        out.printf(
                Locale.ROOT,
                "%,d photos without a true place, %,d true places without a photo%n%n",
                errors.withoutTruth(),
                errors.withoutPrediction());
        out.printf(Locale.ROOT, "%14s %9s   95 %% interval%n", "error", "photos");
        for (Within within : score.within()) {
            Estimate share = within.share();
            out.printf(
                    Locale.ROOT,
                    "%,11d km %7.1f %%   %.1f to %.1f%n",
                    within.radiusKm(),
                    100 * share.value(),
                    100 * share.low(),
                    100 * share.high());
        }
        out.printf(
                Locale.ROOT,
                "%14s %,6.0f km   %,.0f to %,.0f%n%n",
                "median",
                median.value(),
                median.low(),
                median.high());
        out.println("Wrote " + file);
        out.flush();
    }
}
