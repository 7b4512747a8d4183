package io.planisphere.jobs;

import io.planisphere.geo.AdaptivePartitioner;
import io.planisphere.geo.AdaptivePartitioner.Outcome;
import io.planisphere.geo.Cell;
import io.planisphere.geo.NestedPartitioner;
import io.planisphere.spark.evaluate.PlaceCensus;
import io.planisphere.spark.evaluate.PlaceTable;
import io.planisphere.spark.evaluate.PlaceTable.Heading;
import io.planisphere.spark.file.WholeFile;
import io.planisphere.spark.file.WholeFile.Content;
import io.planisphere.spark.file.WholeFolder;
import io.planisphere.spark.lineage.Lineage;
import io.planisphere.spark.run.Sparks;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Builds PlaNet's adaptive partition of the Earth, the classes of a geolocator.
 *
 * <p><b>Input:</b> any table with a latitude and a longitude per photo: CSV or TSV with a header, Parquet.
 *
 * <p><b>Output:</b> a CSV file per t_max with the columns {@code class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean}:
 * the file {@code --output} itself if it ends in {@code .csv}, else {@code cells_<t_min>_<t_max>.csv} in that folder. Partitions
 * of several t_max are nested. The same places give byte-identical files in any order and under any partitioning.
 *
 * <p><b>Example:</b> {@code jobs/cells.sh --input places.csv --output cells.csv --t-min 50 --t-max 5000}
 *
 * <p><b>Resume:</b> none; the file or folder is written atomically at the end. Repeat an interrupted run.
 */
@Command(
        name = "cells",
        description = "Build an adaptive partition of the Earth into S2 cells (PlaNet), or nested ones, from a "
                + "table of places.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Cells implements Callable<Integer> {
    @Option(
            names = "--input",
            required = true,
            paramLabel = "URI",
            description = "Table of places: CSV, TSV or Parquet. Repeatable.")
    private List<String> inputs = List.of();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "URI",
            description = "Cell list to write, FILE.csv; or a new folder, for one list per --t-max.")
    private String output = "";

    @Option(
            names = "--t-min",
            description = "Minimum photos per cell; cells with fewer are dropped. Default: ${DEFAULT-VALUE}.",
            defaultValue = "50")
    private long tMin;

    @Option(
            names = "--t-max",
            paramLabel = "N",
            split = ",",
            description = "Maximum photos per cell; a cell with more is split. Several, from coarse to fine, make "
                    + "nested partitions.",
            defaultValue = "5000")
    private List<Long> tMax = List.of();

    @Option(
            names = "--max-level",
            description =
                    "Finest S2 level, 0 to 30; cells of level 16 are about 150 m wide. Default: ${DEFAULT-VALUE}.",
            defaultValue = "16")
    private int maxLevel;

    @Option(
            names = "--latitude-column",
            paramLabel = "NAME",
            description = "Column with the latitude in degrees. Default: latitude or lat.")
    private Optional<String> latitudeColumn = Optional.empty();

    @Option(
            names = "--longitude-column",
            paramLabel = "NAME",
            description = "Column with the longitude in degrees. Default: longitude, lon, lng or long.")
    private Optional<String> longitudeColumn = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Instant start = Instant.now();
        SparkSession spark = Sparks.session("planisphere cells");
        return Lineage.of(spark, "cells", spec.commandLine().getErr())
                .reads(inputs)
                .writes(output)
                .run(() -> cells(spark, start));
    }

    private int cells(SparkSession spark, Instant start) throws IOException {
        Configuration hadoop = spark.sessionState().newHadoopConf();
        boolean oneFile = output.toLowerCase(Locale.ROOT).endsWith(".csv");

        Problems problems = new Problems();
        Optional<NestedPartitioner> rule = problems.attempt(() -> new NestedPartitioner(tMax.stream()
                .map(most -> new AdaptivePartitioner(tMin, most, maxLevel))
                .toList()));
        List<Dataset<Row>> tables = new ArrayList<>();
        for (String input : inputs) {
            problems.attempt(() -> places(PlaceTable.open(spark, input))).ifPresent(tables::add);
        }
        if (oneFile && tMax.size() > 1) {
            problems.add(String.format(
                    Locale.ROOT,
                    "Cannot write %d cell lists to %s; give --output a folder, or --t-max one value",
                    tMax.size(),
                    output));
        }
        if (new WholeFile(output, hadoop).exists()) {
            problems.add("Cannot write cells to " + output + ": it exists; remove it or choose another --output");
        }
        problems.refuse();

        Dataset<Row> places = tables.stream().reduce(Dataset::unionAll).orElseThrow();
        try (PlaceCensus census = new PlaceCensus(places, maxLevel)) {
            List<Outcome> outcomes = partitions(rule.orElseThrow(), census);
            if (oneFile) {
                new WholeFile(output, hadoop).write(outcomes.get(0).partition()::write);
            } else {
                Map<String, Content> files = new LinkedHashMap<>();
                for (int i = 0; i < outcomes.size(); i++) {
                    files.put(
                            String.format(Locale.ROOT, "cells_%d_%d.csv", tMin, tMax.get(i)),
                            outcomes.get(i).partition()::write);
                }
                WholeFolder.write(output, files, hadoop);
            }
            report(census, outcomes, Duration.between(start, Instant.now()));
        }
        return 0;
    }

    private List<Outcome> partitions(NestedPartitioner rule, PlaceCensus census) {
        List<Outcome> outcomes = rule.partitions(census);
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i).partition().cells().isEmpty()) {
                throw new UserError(String.format(
                        Locale.ROOT,
                        "No cell of t_max %d holds %d of the %d places in %s; lower --t-min, or mend the coordinates",
                        tMax.get(i),
                        tMin,
                        census.rows() - census.impossible(),
                        String.join(", ", inputs)));
            }
        }
        return outcomes;
    }

    private Dataset<Row> places(PlaceTable table) {
        return table.select(
                table.number(Heading.latitude(latitudeColumn)), table.number(Heading.longitude(longitudeColumn)));
    }

    private void report(PlaceCensus census, List<Outcome> outcomes, Duration elapsed) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%,14d places read%n", census.rows());
        out.printf(Locale.ROOT, "%,14d without possible coordinates%n", census.impossible());
        for (int i = 0; i < outcomes.size(); i++) {
            Outcome outcome = outcomes.get(i);
            List<Cell> cells = outcome.partition().cells();
            IntSummaryStatistics levels =
                    cells.stream().mapToInt(cell -> cell.id().level()).summaryStatistics();
            if (outcomes.size() > 1) {
                out.printf(Locale.ROOT, "At most %,d places per cell:%n", tMax.get(i));
            }
            out.printf(
                    Locale.ROOT,
                    "%,14d dropped with %,d cells of fewer than %,d%n",
                    outcome.droppedPlaces(),
                    outcome.droppedCells(),
                    tMin);
            out.printf(
                    Locale.ROOT,
                    "%,14d kept in %,d cells of levels %d to %d%n",
                    outcome.keptPlaces(),
                    cells.size(),
                    levels.getMin(),
                    levels.getMax());
        }
        out.printf(Locale.ROOT, "Wrote %s in %.1f s%n", output, elapsed.toMillis() / 1000.0);
        out.flush();
    }
}
