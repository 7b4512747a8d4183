package io.planisphere.spark.place;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.split;

import io.planisphere.spark.place.PlaceTable.Heading;
import java.util.List;
import org.apache.spark.sql.Column;

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

    /** The key of a predicted row. */
    Column ofPrediction() {
        return of(col(this == URI ? "uri" : "id"));
    }
}
