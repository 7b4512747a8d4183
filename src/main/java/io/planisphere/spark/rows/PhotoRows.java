package io.planisphere.spark.rows;

import io.planisphere.vision.PhotoPath;
import io.planisphere.vision.StageTimes;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** The rows of one task, made lazily. The caller must close it. Not thread-safe. */
public interface PhotoRows extends Iterator<Row>, AutoCloseable {
    /** Returns the names of files written beside the rows; complete once all rows are made. */
    default List<String> sideFiles() {
        return List.of();
    }

    /** Returns the time spent per stage so far. */
    StageTimes times();

    @Override
    void close();

    /** Returns the rows that {@code rowOf} makes from the results of {@code path}. */
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
