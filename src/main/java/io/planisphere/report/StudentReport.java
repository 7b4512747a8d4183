package io.planisphere.report;

import io.planisphere.eval.CrossEntropy;
import io.planisphere.eval.Estimate;
import io.planisphere.eval.Unmatched;
import io.planisphere.report.FigureTable.Figure;
import io.planisphere.report.FigureTable.Line;
import io.planisphere.report.TaskReport.Count;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Reports on the distance of a student from its teacher. */
public final class StudentReport {
    private static final String TASK = "distillation";
    private static final List<Figure> FIGURES = List.of(
            Figure.number("cross_entropy", "cross-entropy"),
            Figure.number("kl_divergence", "KL divergence"),
            Figure.share("agreement", "agreement"));

    private StudentReport() {}

    /**
     * Returns the report for photos.
     *
     * @param unmatched photos with a distribution only of the student, or only of the teacher
     */
    public static TaskReport ofPhotos(CrossEntropy score, Unmatched unmatched) {
        return new TaskReport(
                TASK,
                List.of(
                        new Count("photos_only_student", "photos of the student only", unmatched.withoutTruth()),
                        new Count("photos_only_teacher", "photos of the teacher only", unmatched.withoutRow())),
                new FigureTable("all", "photos", FIGURES, List.of(line("all", score))),
                List.of());
    }

    /**
     * Returns the report for faces: a line per attribute, and their mean.
     *
     * @param attributes distances by attribute, at least one
     * @param faces number of scored faces
     * @param unmatched faces that only the student or only the teacher has
     * @param onlyStudent number of attributes that only the student has
     * @param onlyTeacher number of attributes that only the teacher has
     */
    public static TaskReport ofFaces(
            Map<String, CrossEntropy> attributes, long faces, Unmatched unmatched, int onlyStudent, int onlyTeacher) {
        Line mean = new Line(
                "all",
                faces,
                List.of(
                        mean(attributes, CrossEntropy::crossEntropy),
                        mean(attributes, CrossEntropy::divergence),
                        mean(attributes, score -> score.agreement().value())));
        return new TaskReport(
                TASK,
                List.of(
                        new Count("faces_only_student", "faces of the student only", unmatched.withoutTruth()),
                        new Count("faces_only_teacher", "faces of the teacher only", unmatched.withoutRow()),
                        new Count("attributes_only_student", "attributes of the student only", onlyStudent),
                        new Count("attributes_only_teacher", "attributes of the teacher only", onlyTeacher)),
                new FigureTable("all", "faces", FIGURES, List.of(mean)),
                List.of(new FigureTable(
                        "attribute",
                        "faces",
                        FIGURES,
                        attributes.entrySet().stream()
                                .map(each -> line(each.getKey(), each.getValue()))
                                .toList())));
    }

    private static Line line(String name, CrossEntropy score) {
        return new Line(
                name,
                score.photos(),
                List.of(Estimate.alone(score.crossEntropy()), Estimate.alone(score.divergence()), score.agreement()));
    }

    private static Estimate mean(Map<String, CrossEntropy> attributes, ToDoubleFunction<CrossEntropy> figure) {
        return Estimate.alone(
                attributes.values().stream().mapToDouble(figure).average().orElse(Double.NaN));
    }
}
