package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.trim;

import io.planisphere.spark.evaluate.PlaceTable.Heading;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/**
 * The columns of a table that identify the photo and the user of a row.
 *
 * @param key {@code key string}
 * @param user {@code user string}, null if unknown
 * @param match kind of the key
 */
record PhotoNaming(Column key, Column user, PhotoKey match) {

    /**
     * Finds the columns.
     *
     * @param photo heading of the column that identifies photos; by default the first heading of {@link PhotoKey}
     * @param user heading of the users' column
     * @param match how photos are identified; by default inferred from the column's heading
     */
    static PhotoNaming of(PlaceTable table, Optional<String> photo, Optional<String> user, Optional<PhotoKey> match) {
        PhotoKey usual = table.namesPhotosByUri() ? PhotoKey.URI : PhotoKey.ID;
        // a table may identify photos in several ways; the requested one comes first, then the default
        PhotoKey named = Stream.concat(Stream.of(match.orElse(usual), usual), Arrays.stream(PhotoKey.values()))
                .filter(key -> photo.map(key.heading()::isCalled).orElseGet(() -> table.has(key.heading())))
                .findFirst()
                .orElse(usual);
        Heading heading =
                photo.map(given -> new Heading("photo", List.of(given))).orElse(named.heading());
        PhotoKey key = match.orElse(named);
        Heading users = Heading.user(user);
        // photos with a blank user do not all belong to one user
        Column owner = user.isPresent() || table.has(users)
                ? nullif(trim(table.text(users)), lit(""))
                : lit(null).cast(DataTypes.StringType);
        return new PhotoNaming(key.of(table.text(heading)).as("key"), owner.as("user"), key);
    }
}
