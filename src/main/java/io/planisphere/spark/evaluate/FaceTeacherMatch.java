package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.planisphere.eval.CrossEntropy;
import io.planisphere.eval.Unmatched;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Compares the distributions of two faces runs over the same photos, a student's and its teacher's. Faces are joined by photo and
 * box, so both runs must use the same detector.
 *
 * @param attributes distances for the attributes that both runs have, by name
 * @param faces faces that both runs have
 * @param unmatched faces that only the student or only the teacher has
 * @param onlyStudent attributes that only the student's faces have
 * @param onlyTeacher attributes that only the teacher's faces have
 */
public record FaceTeacherMatch(
        SortedMap<String, CrossEntropy> attributes, long faces, Unmatched unmatched, int onlyStudent, int onlyTeacher) {
    private static final RowShape ROWS = RowShape.of(
            "faces --soft-labels",
            "faces array<struct<xmin float, ymin float, xmax float, ymax float, soft_labels map<string, binary>>>");

    private static final List<String> FACE = List.of("key", "xmin", "ymin", "xmax", "ymax", "twin");

    // equal boxes in a photo are numbered in the order of the row
    private static final String FACES =
            "transform(faces, (f, i) -> struct(f.xmin as xmin, f.ymin as ymin, f.xmax as xmax,"
                    + " f.ymax as ymax, size(filter(faces, (g, k) -> k < i and g.xmin = f.xmin and g.ymin = f.ymin"
                    + " and g.xmax = f.xmax and g.ymax = f.ymax)) as twin, f.soft_labels as soft))";

    /**
     * Returns whether rows are those of faces that this class supports; otherwise they are those of whole photos.
     *
     * @throws IllegalArgumentException if they are neither
     */
    public static boolean isFor(SparkSession spark, String student) throws IOException {
        Dataset<Row> rows = RunRows.open(spark, student, TeacherMatch.ROWS, ROWS);
        return !TeacherMatch.ROWS.isNamedIn(rows.schema());
    }

    /**
     * Joins two runs.
     *
     * @throws IllegalArgumentException if rows have no distributions, a photo occurs twice in a run, no attribute is in both, or
     *     two distributions cannot be compared
     */
    public static FaceTeacherMatch of(SparkSession spark, String student, String teacher, PhotoKey match)
            throws IOException {
        Dataset<Row> joined = faces(spark, student, match, "student")
                .join(
                        faces(spark, teacher, match, "teacher"),
                        CollectionConverters.asScala(FACE).toSeq(),
                        "full_outer")
                .persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Row counts = joined.selectExpr(
                            "count_if(hasStudent and hasTeacher)",
                            "count_if(hasTeacher is null)",
                            "count_if(hasStudent is null)")
                    .first();
            Unmatched unmatched = new Unmatched(counts.getLong(1), counts.getLong(2));
            if (counts.getLong(0) == 0) {
                return new FaceTeacherMatch(new TreeMap<>(), 0, unmatched, 0, 0);
            }
            Dataset<Row> both = joined.where("hasStudent and hasTeacher");
            Set<String> ofStudent = names(both, "student");
            Set<String> ofTeacher = names(both, "teacher");
            if (ofStudent.stream().noneMatch(ofTeacher::contains)) {
                throw new IllegalArgumentException(
                        "Cannot hold %s against %s: the student's faces have %s, the teacher's %s; give both runs the same --attributes"
                                .formatted(student, teacher, named(ofStudent), named(ofTeacher)));
            }
            return new FaceTeacherMatch(
                    scores(both, student, teacher),
                    counts.getLong(0),
                    unmatched,
                    without(ofStudent, ofTeacher),
                    without(ofTeacher, ofStudent));
        } finally {
            joined.unpersist();
        }
    }

    private static Dataset<Row> faces(SparkSession spark, String output, PhotoKey match, String side)
            throws IOException {
        Dataset<Row> rows = RunRows.open(spark, output, ROWS);
        return RunRows.predictions(rows, match, expr(FACES), side + "'s rows", List.of())
                .where("prediction is not null")
                .selectExpr("key", "inline(prediction)")
                .withColumnRenamed("soft", side)
                .withColumn("has" + Character.toUpperCase(side.charAt(0)) + side.substring(1), lit(true));
    }

    private static Set<String> names(Dataset<Row> both, String side) {
        return new HashSet<>(both.selectExpr("explode(map_keys(" + side + ")) as name")
                .distinct()
                .as(Encoders.STRING())
                .collectAsList());
    }

    private static String named(Set<String> names) {
        return names.isEmpty()
                ? "no attributes"
                : String.join(", ", names.stream().sorted().toList());
    }

    private static int without(Set<String> some, Set<String> others) {
        return Math.toIntExact(
                some.stream().filter(name -> !others.contains(name)).count());
    }

    private static SortedMap<String, CrossEntropy> scores(Dataset<Row> both, String student, String teacher) {
        return Distances.of(
                both.selectExpr("key", "teacher", "explode(student) as (name, ofStudent)")
                        .selectExpr("key", "name", "ofStudent", "try_element_at(teacher, name) as ofTeacher")
                        .where("ofTeacher is not null"),
                student + " against " + teacher);
    }
}
