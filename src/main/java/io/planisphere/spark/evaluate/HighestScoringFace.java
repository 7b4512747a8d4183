package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Column;

/** Selects the face with the highest score in a photo, the first of equal ones. */
final class HighestScoringFace {
    private HighestScoringFace() {}

    /** Returns a field of that face in a row's {@code faces}; null if there are no faces. */
    static Column of(String field) {
        return expr("get(array_sort(faces, (a, b) ->"
                + " case when a.score > b.score then -1 when a.score < b.score then 1 else 0 end), 0)." + field);
    }
}
