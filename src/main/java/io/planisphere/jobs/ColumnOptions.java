package io.planisphere.jobs;

import io.planisphere.spark.evaluate.PhotoKey;
import io.planisphere.spark.evaluate.PlaceTruth;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options for the column names of a table about photos, and for how it identifies photos. */
final class ColumnOptions {
    @Option(
            names = "--photo-column",
            paramLabel = "NAME",
            description = "Column of the table that identifies photos. Default: id, photo_id, img_id, uri, file, name "
                    + "or path.")
    private Optional<String> photoColumn = Optional.empty();

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

    @Option(
            names = "--user-column",
            paramLabel = "NAME",
            description = "Column with the user. Default: user, user_id, author, uid, owner or photographer, if there "
                    + "is one.")
    private Optional<String> userColumn = Optional.empty();

    @Option(
            names = "--match",
            paramLabel = "KEY",
            description = "How the table identifies photos: ${COMPLETION-CANDIDATES}; NAME is the file name without "
                    + "folders and extensions. Default: by the name of the column.")
    private Optional<PhotoKey> match = Optional.empty();

    Optional<String> photo() {
        return photoColumn;
    }

    Optional<String> user() {
        return userColumn;
    }

    Optional<PhotoKey> match() {
        return match;
    }

    /** Returns the columns of a table of places; columns in {@code further} are kept if present. */
    PlaceTruth.Columns ofPlaces(List<String> further) {
        return new PlaceTruth.Columns(photoColumn, latitudeColumn, longitudeColumn, userColumn, further);
    }
}
