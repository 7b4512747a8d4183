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

/** How a table about photos says which photo it means. */
public enum PhotoKey {
    /** By the prediction's id, to the letter. */
    ID,
    /** By the prediction's uri, to the letter. */
    URI,
    /**
     * By file name: what stands after the last slash and before the first dot, of the prediction's id as of the table's
     * text. So {@code photos/eiffel.jpg} is the photo {@code eiffel} of a tar.
     */
    NAME;

    /** The headings under which a table names photos so. */
    Heading heading() {
        return new Heading(
                "photo",
                switch (this) {
                    case ID -> List.of("id", "photo_id", "img_id");
                    case URI -> List.of("uri");
                    case NAME -> List.of("file", "file_name", "filename", "name", "path");
                });
    }

    /** The key of a photo that a table names so. */
    Column of(Column text) {
        return this == NAME ? element_at(split(element_at(split(text, "/"), -1), "\\."), 1) : text;
    }

    /** The key of a row that a job made of a photo. */
    public Column ofPrediction() {
        return of(col(this == URI ? "uri" : "id"));
    }

    /**
     * Refuses rows of which two have the same {@code key}.
     *
     * @param side what the message calls them
     * @throws IllegalArgumentException with the first three such keys
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
