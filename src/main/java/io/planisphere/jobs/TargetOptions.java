package io.planisphere.jobs;

import io.planisphere.spark.evaluate.LabelTruth;
import io.planisphere.spark.evaluate.PlaceTruth;
import io.planisphere.spark.train.CellLists;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the target of training: cells of places, or labels. */
final class TargetOptions {
    @Option(
            names = "--cells",
            paramLabel = "URI",
            description = "Cell list, repeatable from coarse to fine; or a folder of them, as cells writes it.")
    private List<String> cells = List.of();

    @Option(
            names = "--places",
            paramLabel = "URI",
            description = "Where photos were taken: CSV, TSV or Parquet, exif:FOLDER, webdataset:GLOB, yfcc100m:FILE. "
                    + "Default: what the inputs of embed say.")
    private Optional<String> places = Optional.empty();

    @Option(
            names = "--labels",
            paramLabel = "URI",
            description = "Table of labels, to train a classifier instead of a geolocator.")
    private Optional<String> labels = Optional.empty();

    @Option(names = "--label-column", paramLabel = "NAME", description = "Column of --labels with the label.")
    private Optional<String> labelColumn = Optional.empty();

    @Mixin
    private ColumnOptions columns = new ColumnOptions();

    /** Checks the values and adds errors to {@code problems}. */
    void check(Problems problems) {
        if (cells.isEmpty() == labels.isEmpty()) {
            problems.add("Give either --cells, to learn places, or --labels, to learn what photos show");
        }
        if (labels.isPresent() && places.isPresent()) {
            problems.add("--places goes with --cells, not with --labels");
        }
        if (labels.isPresent() != labelColumn.isPresent()) {
            problems.add("--labels and --label-column go together");
        }
    }

    boolean isLabels() {
        return labels.isPresent();
    }

    /** Returns the name of the label column. */
    String labelColumn() {
        return labelColumn.orElseThrow();
    }

    CellLists cells(Configuration hadoop) throws IOException {
        return CellLists.read(cells, hadoop);
    }

    PlaceTruth places(SparkSession spark, String embeddings) throws IOException {
        return PlaceTruth.open(spark, described(embeddings), columns.ofPlaces(List.of()), columns.match());
    }

    LabelTruth labels(SparkSession spark) throws IOException {
        return LabelTruth.open(
                spark,
                labels.orElseThrow(),
                labelColumn(),
                columns.photo(),
                columns.user(),
                columns.match(),
                List.of());
    }

    /** Returns the tables and cell lists that the user gave. */
    List<String> inputs() {
        return Stream.of(cells.stream(), places.stream(), labels.stream())
                .flatMap(given -> given)
                .toList();
    }

    /** Returns the name of the table, as given by the user. */
    String described(String embeddings) {
        return labels.or(() -> places).orElse("run:" + embeddings);
    }
}
