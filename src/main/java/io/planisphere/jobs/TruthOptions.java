package io.planisphere.jobs;

import io.planisphere.spark.evaluate.AttributeMatch;
import io.planisphere.spark.evaluate.LabelTruth;
import io.planisphere.spark.evaluate.ObjectTruth;
import io.planisphere.spark.evaluate.PhotoKey;
import io.planisphere.spark.evaluate.PlaceTruth;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options for the location of the ground truth. */
final class TruthOptions {
    @Option(
            names = "--truth",
            required = true,
            paramLabel = "URI",
            description = "Ground truth. Places: CSV, TSV or Parquet; exif:FOLDER for the photos' own GPS; "
                    + "webdataset:GLOB for sidecars in tars; yfcc100m:FILE; run:DIR for the inputs of a run. Other "
                    + "tasks: a table of labels, boxes, attributes or pairs, or the teacher's run.")
    private String uri = "";

    @Mixin
    private ColumnOptions columns = new ColumnOptions();

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            defaultValue = "label",
            description = "Column with the label, for --task labels and objects. Default: ${DEFAULT-VALUE}.")
    private String labelColumn = "label";

    String uri() {
        return uri;
    }

    /** Opens the true places; columns in {@code further} are kept if present. */
    PlaceTruth open(SparkSession spark, List<String> further) throws IOException {
        return PlaceTruth.open(spark, uri, columns.ofPlaces(further), columns.match());
    }

    /** Opens a table of labels; columns in {@code further} are kept if present. */
    LabelTruth labels(SparkSession spark, List<String> further) throws IOException {
        return LabelTruth.open(spark, uri, labelColumn, columns.photo(), columns.user(), columns.match(), further);
    }

    /** Opens a table of boxes. */
    ObjectTruth objects(SparkSession spark) throws IOException {
        return ObjectTruth.open(spark, uri, labelColumn, columns.photo(), columns.match());
    }

    /** Joins a table of attributes with the rows of a run. */
    AttributeMatch attributes(SparkSession spark, String predictions, List<String> by) throws IOException {
        return AttributeMatch.of(spark, predictions, uri, columns.photo(), columns.match(), by);
    }

    /** Returns how photos are identified if the truth is not a table. */
    PhotoKey match() {
        return columns.match().orElse(PhotoKey.ID);
    }
}
