package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Column;

/** Of a photo with several faces the one with the highest score speaks, of equal ones the first. */
final class HighestScoringFace {
    private HighestScoringFace() {}

    /** What a row's {@code faces} say of it in a field; null if there are none. */
    static Column of(String field) {
        return expr("get(array_sort(faces, (a, b) ->"
                + " case when a.score > b.score then -1 when a.score < b.score then 1 else 0 end), 0)." + field);
    }
}
