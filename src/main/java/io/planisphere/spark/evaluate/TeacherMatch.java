package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.col;

import io.planisphere.eval.CrossEntropy;
import io.planisphere.eval.Unmatched;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/**
 * Compares the distributions of two classify runs over the same photos, a student's and its teacher's.
 *
 * @param score score; empty if no photo has both
 * @param unmatched photos with a distribution only of the student, or only of the teacher
 */
public record TeacherMatch(Optional<CrossEntropy> score, Unmatched unmatched) {
    static final RowShape ROWS = RowShape.of("classify --soft-labels", "soft_labels binary");

    /**
     * Joins two runs.
     *
     * @throws IllegalArgumentException if rows have no distributions, a photo occurs twice in a run, or two distributions cannot
     *     be compared
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
            Dataset<Row> both = joined.where("student is not null and teacher is not null")
                    .selectExpr("key", "'' as name", "student", "teacher");
            return new TeacherMatch(
                    Distances.of(both, student + " against " + teacher).values().stream()
                            .findFirst(),
                    new Unmatched(counts.getLong(0), counts.getLong(1)));
        } finally {
            joined.unpersist();
        }
    }

    private static Dataset<Row> distributions(SparkSession spark, String output, PhotoKey match, String side)
            throws IOException {
        Dataset<Row> rows = RunRows.open(spark, output, ROWS);
        return RunRows.predictions(rows, match, col("soft_labels"), side, List.of())
                .where("prediction is not null")
                .select("key", "prediction");
    }
}
