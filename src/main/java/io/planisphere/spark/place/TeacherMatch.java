package io.planisphere.spark.place;

import static org.apache.spark.sql.functions.col;

import io.planisphere.eval.CrossEntropy;
import io.planisphere.eval.Unmatched;
import io.planisphere.vision.HalfFloat;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * The distributions of two classify runs over the same photos, a student's and its teacher's.
 *
 * @param score empty if no photo has both
 * @param unmatched photos that only the student, and that only the teacher, has a distribution for
 */
public record TeacherMatch(Optional<CrossEntropy> score, Unmatched unmatched) {
    static final RowShape ROWS = RowShape.of("classify --soft-labels", "soft_labels binary");
    private static final StructType COMPARED =
            StructType.fromDDL("crossEntropy double, divergence double, agrees boolean, problem string");

    /**
     * Joins two runs.
     *
     * @throws IllegalArgumentException if rows have no distributions, a photo stands twice in a run, or two distributions cannot be
     *     compared
     */
    public static TeacherMatch of(SparkSession spark, String student, String teacher, PhotoKey match)
            throws IOException {
        Dataset<Row> joined = distributions(spark, student, match, "student's rows")
                .toDF("key", "student")
                .join(
                        distributions(spark, teacher, match, "teacher's rows").toDF("key", "teacher"),
                        Keys.named("key"),
                        "full_outer")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Row counts = joined.selectExpr("count_if(teacher is null)", "count_if(student is null)")
                    .first();
            Row sums = joined.where("student is not null and teacher is not null")
                    .map(new Compare(), Encoders.row(COMPARED))
                    .selectExpr("count(1)", "sum(crossEntropy)", "sum(divergence)", "count_if(agrees)", "min(problem)")
                    .first();
            if (!sums.isNullAt(4)) {
                throw new IllegalArgumentException(
                        "Cannot hold %s against %s: photo %s".formatted(student, teacher, sums.getString(4)));
            }
            return new TeacherMatch(
                    sums.getLong(0) == 0
                            ? Optional.empty()
                            : Optional.of(CrossEntropy.ofSums(
                                    sums.getLong(0), sums.getDouble(1), sums.getDouble(2), sums.getLong(3))),
                    new Unmatched(counts.getLong(0), counts.getLong(1)));
        } finally {
            joined.unpersist();
        }
    }

    private static Dataset<Row> distributions(SparkSession spark, String output, PhotoKey match, String side)
            throws IOException {
        Dataset<Row> rows = RunRows.open(spark, output, ROWS);
        return RunRows.answers(rows, match, col("soft_labels"), side, List.of())
                .where("answer is not null")
                .select("key", "answer");
    }

    private record Compare() implements MapFunction<Row, Row> {
        @Override
        public Row call(Row row) {
            try {
                CrossEntropy.OfPhoto photo =
                        CrossEntropy.of(HalfFloat.decode((byte[]) row.get(2)), HalfFloat.decode((byte[]) row.get(1)));
                return RowFactory.create(photo.crossEntropy(), photo.divergence(), photo.agrees(), null);
            } catch (IllegalArgumentException e) {
                return RowFactory.create(null, null, null, row.getString(0) + ": " + e.getMessage());
            }
        }
    }
}
