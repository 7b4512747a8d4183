package io.planisphere.jobs;

import io.planisphere.spark.place.PlaceTruth;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the true places of photos stand. */
final class TruthOptions {
    @Option(
            names = "--truth",
            required = true,
            paramLabel = "URI",
            description =
                    "true places: CSV, TSV or Parquet; exif:FOLDER for the photos' own GPS; webdataset:GLOB for the "
                            + "sidecars in tars; yfcc100m:FILE; run:DIR for what the inputs of a run said")
    private String uri = "";

    @Mixin
    private ColumnOptions columns = new ColumnOptions();

    String uri() {
        return uri;
    }

    /** Opens the truth; {@code further} columns are kept where it has them. */
    PlaceTruth open(SparkSession spark, List<String> further) throws IOException {
        return PlaceTruth.open(spark, uri, columns.ofPlaces(further), columns.match());
    }
}
