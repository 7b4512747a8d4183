package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.expr;

import io.planisphere.eval.CrossEntropy;
import io.planisphere.vision.HalfFloat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Compares a student's vectors with its teacher's. Rows do not record whether a vector is one distribution or has independent
 * labels (sigmoid): if all vectors of a name add up to 1, in both runs, they are distributions.
 */
final class Distances {
    private static final StructType COMPARED = StructType.fromDDL(
            "name string, addUp boolean, cross double, divergence"
                    + " double, agrees boolean, crossApart double, divergenceApart double, agreesApart boolean, problem string");

    private Distances() {}

    /**
     * Returns the mean distances by name.
     *
     * @param pairs rows with the key of the photo, the name, the student's vector and the teacher's, in this order
     * @param what description of the comparison, for messages
     * @throws IllegalArgumentException if two vectors cannot be compared
     */
    static SortedMap<String, CrossEntropy> of(Dataset<Row> pairs, String what) {
        List<Row> sums = pairs.map(new Compare(), Encoders.row(COMPARED))
                .groupBy("name")
                .agg(
                        expr("count(1)"),
                        expr("bool_and(addUp)"),
                        expr("sum(cross)"),
                        expr("sum(divergence)"),
                        expr("count_if(agrees)"),
                        expr("sum(crossApart)"),
                        expr("sum(divergenceApart)"),
                        expr("count_if(agreesApart)"),
                        expr("min(problem)"))
                .collectAsList();
        sums.stream().filter(row -> !row.isNullAt(9)).findFirst().ifPresent(row -> {
            String whose = row.getString(0).isEmpty() ? "" : row.getString(0) + " of ";
            throw new IllegalArgumentException("Cannot hold %s: %sphoto %s".formatted(what, whose, row.get(9)));
        });
        SortedMap<String, CrossEntropy> scores = new TreeMap<>();
        sums.forEach(row -> scores.put(row.getString(0), ofSums(row)));
        return scores;
    }

    private static CrossEntropy ofSums(Row sums) {
        boolean distribution = sums.getBoolean(2);
        int at = distribution ? 3 : 6;
        return CrossEntropy.ofSums(sums.getLong(1), sums.getDouble(at), sums.getDouble(at + 1), sums.getLong(at + 2));
    }

    /** Computes both interpretations of a vector, because only all vectors together determine which one is right. */
    private record Compare() implements MapFunction<Row, Row> {
        @Override
        public Row call(Row row) {
            String name = row.getString(1);
            float[] student = HalfFloat.decode((byte[]) row.get(2));
            float[] teacher = HalfFloat.decode((byte[]) row.get(3));
            try {
                boolean addUp = CrossEntropy.addUp(teacher) && CrossEntropy.addUp(student);
                CrossEntropy.OfPhoto apart = CrossEntropy.ofLabels(teacher, student);
                CrossEntropy.OfPhoto one = addUp ? CrossEntropy.of(teacher, student) : apart;
                return RowFactory.create(
                        name,
                        addUp,
                        one.crossEntropy(),
                        one.divergence(),
                        one.agrees(),
                        apart.crossEntropy(),
                        apart.divergence(),
                        apart.agrees(),
                        null);
            } catch (IllegalArgumentException e) {
                String problem = row.getString(0) + ": " + e.getMessage();
                return RowFactory.create(name, null, null, null, null, null, null, null, problem);
            }
        }
    }
}
