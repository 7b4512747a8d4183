package io.planisphere.jobs;

import io.planisphere.spark.place.PhotoKey;
import io.planisphere.spark.place.PlaceTruth;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Where the true places of photos stand, and under which headings. */
final class TruthOptions {
    @Option(
            names = "--truth",
            required = true,
            paramLabel = "URI",
            description =
                    "true places: CSV, TSV or Parquet; exif:FOLDER for the photos' own GPS; webdataset:GLOB for the "
                            + "sidecars in tars; yfcc100m:FILE; run:DIR for what the inputs of a run said")
    private String uri = "";

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

    String uri() {
        return uri;
    }

    /** Opens the truth; {@code further} columns are kept where it has them. */
    PlaceTruth open(SparkSession spark, List<String> further) throws IOException {
        return PlaceTruth.open(
                spark,
                uri,
                new PlaceTruth.Columns(photoColumn, latitudeColumn, longitudeColumn, userColumn, further),
                match);
    }
}
