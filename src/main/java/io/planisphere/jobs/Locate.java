package io.planisphere.jobs;

import com.google.common.geometry.S2CellId;
import io.planisphere.model.ModelPackage;
import io.planisphere.source.OptOut;
import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.rows.AlbumRule;
import io.planisphere.spark.rows.GalleryUse;
import io.planisphere.spark.rows.LocateRows;
import io.planisphere.spark.rows.PlaceRule;
import io.planisphere.spark.run.InferenceRun.Outcome;
import io.planisphere.spark.run.Sparks;
import io.planisphere.vision.GeolocationModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Predicts where photos were taken.
 *
 * <p><b>Input:</b> photos in shards (WebDataset tars, SequenceFiles, Parquet), or by reference: a manifest of URIs, a folder,
 * YFCC100M metadata.
 *
 * <p><b>Output:</b> {@code batch=N/*.parquet} with one row per photo: {@code id, uri, status, detail, width, height, latitude,
 * longitude, cell, confidence, radius_km, radius90_km, cells}; and {@code _run/run.json}.
 *
 * <p><b>Example:</b> {@code jobs/locate.sh --input src/samples/earth --output target/located}
 *
 * <p><b>Resume:</b> run the same command again. Completed batches are kept, interrupted ones are repeated, and new photos of the
 * inputs are added.
 */
@Command(
        name = "locate",
        description = "Predict where photos were taken.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Locate implements Callable<Integer> {
    @Mixin
    private InferenceOptions options = new InferenceOptions();

    @Mixin
    private AlbumOptions album = new AlbumOptions();

    @Option(
            names = "--model",
            paramLabel = "PACKAGE",
            description = "Model package: builtin:NAME, a directory or a zip. Default: ${DEFAULT-VALUE}.",
            defaultValue = "builtin:earth")
    private String model = "";

    @Option(
            names = "--top-k",
            paramLabel = "N",
            description = "Cells per row. Default: ${DEFAULT-VALUE}.",
            defaultValue = "" + PlaceRule.TOP_K)
    private int topK;

    @Option(
            names = "--preview",
            paramLabel = "N",
            description = "Number of rows to print at the end. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0")
    private int show;

    @Mixin
    private CropsOption crops = new CropsOption();

    @Option(
            names = "--min-confidence",
            paramLabel = "P",
            description = "Minimum probability of the best cell, 0 to 1; rows with less have no place. Default: "
                    + "${DEFAULT-VALUE}.",
            defaultValue = "0")
    private double minConfidence;

    @Option(
            names = "--finest-level",
            paramLabel = "L",
            description = "Finest S2 level of cells in rows, 0 to 30; places are then centres of cells. Default: no "
                    + "limit.")
    private @Nullable Integer finestLevel;

    @Option(
            names = "--no-gallery",
            description = "Do not compare photos with the package's gallery. Default: compare if it has one.")
    private boolean noGallery;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Problems problems = new Problems();
        options.check(problems);
        InferenceOptions.atLeastOne(problems, "--top-k", topK);
        crops.check(problems);
        if (!(minConfidence >= 0 && minConfidence <= 1)) {
            problems.add("--min-confidence must be from 0 to 1, got " + minConfidence);
        }
        if (finestLevel != null && (finestLevel < 0 || finestLevel > S2CellId.MAX_LEVEL)) {
            problems.add("--finest-level must be from 0 to 30, got " + finestLevel);
        }
        Optional<AlbumRule> albums = album.rule(problems);
        problems.refuse();

        SparkSession spark = Sparks.photoSession("planisphere locate");
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        GeolocationModel geolocation = new GeolocationModel(ModelPackage.open(model, hadoop));
        crops.refuseIfAllAreTheSame(geolocation.files());
        LocateRows rows = new LocateRows(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(geolocation),
                new PlaceRule(topK, finestLevel, minConfidence, crops.count()),
                albums.orElse(null),
                gallery(spark, hadoop));
        InferenceJob job = new InferenceJob("locate", options, spec);
        Outcome outcome = job.run(spark, rows);
        if (show > 0) {
            print(CommittedRows.read(spark, "Output", options.output().given())
                    .orderBy("uri")
                    .limit(show));
        }
        return job.exitCode(outcome);
    }

    private GalleryUse gallery(SparkSession spark, Configuration hadoop) throws IOException {
        if (noGallery) {
            return GalleryUse.OFF;
        }
        OptOut list = options.optOut(hadoop);
        return list.isEmpty()
                ? GalleryUse.ALL
                : new GalleryUse(
                        true,
                        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(list));
    }

    private void print(Dataset<Row> rows) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%n%-28s %-12s %10s %10s %11s %10s%n",
                "photo", "status", "latitude", "longitude", "confidence", "radius");
        for (Row row : rows.select("id", "status", "latitude", "longitude", "confidence", "radius_km")
                .collectAsList()) {
            out.printf("%-28s %-12s", row.getString(0), row.getString(1));
            if (!row.isNullAt(2)) {
                out.printf(
                        Locale.ROOT,
                        " %10.4f %10.4f %10.1f%% %7.0f km",
                        row.getDouble(2),
                        row.getDouble(3),
                        100 * row.getFloat(4),
                        row.getFloat(5));
            }
            out.println();
        }
        out.flush();
    }
}
