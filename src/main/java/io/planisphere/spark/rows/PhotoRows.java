package io.planisphere.spark.rows;

import io.planisphere.vision.PhotoPath;
import io.planisphere.vision.StageTimes;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** The rows of one task, made while they are asked for; whoever asked for them closes them. For one thread. */
public interface PhotoRows extends Iterator<Row>, AutoCloseable {
    /** Files that were written beside the rows, by name; complete once all rows are made. */
    default List<String> sideFiles() {
        return List.of();
    }

    /** Where the time went so far. */
    StageTimes times();

    @Override
    void close();

    /** What comes of the photos, each made a row. */
    static <T> PhotoRows of(PhotoPath<T> path, Function<T, Row> rowOf) {
        return new PhotoRows() {
            @Override
            public boolean hasNext() {
                return path.hasNext();
            }

            @Override
            public Row next() {
                return rowOf.apply(path.next());
            }

            @Override
            public StageTimes times() {
                return path.times();
            }

            @Override
            public void close() {
                path.close();
            }
        };
    }
}
