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
 * The columns of a table that say which photo a row is about, and whose it is.
 *
 * @param key {@code key string}
 * @param user {@code user string}, null where unknown
 * @param match what the key is
 */
record PhotoNaming(Column key, Column user, PhotoKey match) {

    /**
     * Finds the columns.
     *
     * @param photo heading of the column that names photos; by default the first that is known to {@link PhotoKey}
     * @param user heading of the users' column
     * @param match how photos are named; by default as the column's heading says
     */
    static PhotoNaming of(PlaceTable table, Optional<String> photo, Optional<String> user, Optional<PhotoKey> match) {
        PhotoKey usual = table.namesPhotosByUri() ? PhotoKey.URI : PhotoKey.ID;
        // a table may name photos in several ways; the one that was asked for comes first, then the usual one
        PhotoKey named = Stream.concat(Stream.of(match.orElse(usual), usual), Arrays.stream(PhotoKey.values()))
                .filter(key -> photo.map(key.heading()::isCalled).orElseGet(() -> table.has(key.heading())))
                .findFirst()
                .orElse(usual);
        Heading heading =
                photo.map(given -> new Heading("photo", List.of(given))).orElse(named.heading());
        PhotoKey key = match.orElse(named);
        Heading users = Heading.user(user);
        // the photos whose user is left blank are not all one user's
        Column owner = user.isPresent() || table.has(users)
                ? nullif(trim(table.text(users)), lit(""))
                : lit(null).cast(DataTypes.StringType);
        return new PhotoNaming(key.of(table.text(heading)).as("key"), owner.as("user"), key);
    }
}
