package io.planisphere.jobs;

import io.planisphere.geo.AdaptivePartitioner;
import io.planisphere.geo.AdaptivePartitioner.Outcome;
import io.planisphere.geo.Cell;
import io.planisphere.spark.Sparks;
import io.planisphere.spark.file.WholeFile;
import io.planisphere.spark.place.PlaceCensus;
import io.planisphere.spark.place.PlaceTable;
import io.planisphere.spark.place.PlaceTable.Heading;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
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
 * <p><b>Output:</b> one CSV file with the columns {@code class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean}. The
 * same places give the same bytes, however they are ordered and spread.
 *
 * <p><b>Example:</b> {@code jobs/cells.sh --input places.csv --output cells.csv --t-min 50 --t-max 5000}
 *
 * <p><b>Resume:</b> none; the file appears at the end, whole. A run that was cut short is started again.
 */
@Command(
        name = "cells",
        description = "Builds PlaNet's adaptive partition of the Earth from a table of places.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class Cells implements Callable<Integer> {
    @Option(names = "--input", required = true, paramLabel = "URI", description = "CSV, TSV or Parquet; repeatable")
    private List<String> inputs = List.of();

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "the cell list to write, CSV")
    private String output = "";

    @Option(names = "--t-min", description = "photos a cell must hold to be kept", defaultValue = "50")
    private long tMin;

    @Option(names = "--t-max", description = "photos a cell may hold before it is split", defaultValue = "5000")
    private long tMax;

    @Option(names = "--max-level", description = "deepest S2 level; 16 is about 150 m across", defaultValue = "16")
    private int maxLevel;

    @Option(names = "--latitude-column", paramLabel = "NAME", description = "default: latitude or lat")
    private Optional<String> latitudeColumn = Optional.empty();

    @Option(names = "--longitude-column", paramLabel = "NAME", description = "default: longitude, lon, lng or long")
    private Optional<String> longitudeColumn = Optional.empty();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Instant start = Instant.now();
        SparkSession spark = Sparks.session("planisphere cells");
        WholeFile file = new WholeFile(output, spark.sessionState().newHadoopConf());

        Problems problems = new Problems();
        Optional<AdaptivePartitioner> rule = problems.attempt(() -> new AdaptivePartitioner(tMin, tMax, maxLevel));
        List<Dataset<Row>> tables = new ArrayList<>();
        for (String input : inputs) {
            problems.attempt(() -> places(PlaceTable.open(spark, input))).ifPresent(tables::add);
        }
        if (file.exists()) {
            problems.add("Cannot write cells to " + output + ": it exists; remove it or choose another --output");
        }
        problems.refuse();

        Dataset<Row> places = tables.stream().reduce(Dataset::unionAll).orElseThrow();
        try (PlaceCensus census = new PlaceCensus(places, maxLevel)) {
            Outcome outcome = rule.orElseThrow().partition(census);
            if (outcome.partition().cells().isEmpty()) {
                throw new UserError("No cell holds %d of the %d places in %s; lower --t-min, or mend the coordinates"
                        .formatted(tMin, census.rows() - census.impossible(), String.join(", ", inputs)));
            }
            file.write(outcome.partition()::write);
            report(census, outcome, Duration.between(start, Instant.now()));
        }
        return 0;
    }

    private Dataset<Row> places(PlaceTable table) {
        return table.select(
                table.number(Heading.latitude(latitudeColumn)), table.number(Heading.longitude(longitudeColumn)));
    }

    private void report(PlaceCensus census, Outcome outcome, Duration elapsed) {
        List<Cell> cells = outcome.partition().cells();
        IntSummaryStatistics levels =
                cells.stream().mapToInt(cell -> cell.id().level()).summaryStatistics();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%,14d places read%n", census.rows());
        out.printf(Locale.ROOT, "%,14d without possible coordinates%n", census.impossible());
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
        out.printf(Locale.ROOT, "Wrote %s in %.1f s%n", output, elapsed.toMillis() / 1000.0);
        out.flush();
    }
}
