package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.split;

import io.planisphere.spark.evaluate.PlaceTable.Heading;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How a table identifies photos. */
public enum PhotoKey {
    /** By the exact id of the prediction. */
    ID,
    /** By the exact uri of the prediction. */
    URI,
    /**
     * By file name: the part after the last slash and before the first dot, both in the prediction's id and in the table. So
     * {@code photos/eiffel.jpg} matches the photo {@code eiffel} of a tar.
     */
    NAME;

    /** Returns the headings of columns that identify photos in this way. */
    Heading heading() {
        return new Heading(
                "photo",
                switch (this) {
                    case ID -> List.of("id", "photo_id", "img_id");
                    case URI -> List.of("uri");
                    case NAME -> List.of("file", "file_name", "filename", "name", "path");
                });
    }

    /** Returns the key of a photo in a table that identifies photos in this way. */
    Column of(Column text) {
        return this == NAME ? element_at(split(element_at(split(text, "/"), -1), "\\."), 1) : text;
    }

    /** Returns the key of a job's row. */
    public Column ofPrediction() {
        return of(col(this == URI ? "uri" : "id"));
    }

    /**
     * Throws if two rows have the same {@code key}.
     *
     * @param side name of the rows in the message
     * @throws IllegalArgumentException if there are repeated keys; the message has the first three
     */
    public void refuseRepeated(Dataset<Row> rows, String side) {
        Dataset<Row> repeated =
                rows.where("key is not null").groupBy("key").count().where("count > 1");
        List<Row> some = repeated.orderBy("key").takeAsList(3);
        if (!some.isEmpty()) {
            throw new IllegalArgumentException(
                    "The %s name a photo more than once by %s: %s; make the names unique, or match by another one of %s"
                            .formatted(
                                    side,
                                    name().toLowerCase(Locale.ROOT),
                                    some.stream()
                                            .map(row -> row.getString(0) + " (" + row.getLong(1) + " times)")
                                            .collect(Collectors.joining(", ")),
                                    Arrays.stream(PhotoKey.values())
                                            .map(other -> other.name().toLowerCase(Locale.ROOT))
                                            .collect(Collectors.joining(", "))));
        }
    }
}
