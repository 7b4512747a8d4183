package io.planisphere.jobs;

import io.planisphere.eval.Unmatched;
import io.planisphere.report.ScoreReport;
import io.planisphere.report.StudentReport;
import io.planisphere.report.TaskReport;
import io.planisphere.spark.evaluate.AttributeMatch;
import io.planisphere.spark.evaluate.FaceTeacherMatch;
import io.planisphere.spark.evaluate.LabelMatch;
import io.planisphere.spark.evaluate.LabelTruth;
import io.planisphere.spark.evaluate.ObjectMatch;
import io.planisphere.spark.evaluate.ObjectTruth;
import io.planisphere.spark.evaluate.PairMatch;
import io.planisphere.spark.evaluate.TeacherMatch;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/** The kinds of predictions that {@code evaluate} can score. */
enum EvaluatedTask {
    /** Rows of {@code locate}, scored by {@link Evaluate} itself. */
    PLACE {
        @Override
        ScoreReport score(SparkSession spark, Request request) {
            throw new IllegalStateException("Places are scored by Evaluate");
        }
    },
    /** Rows of {@code classify}, against a table of labels. */
    LABELS {
        @Override
        ScoreReport score(SparkSession spark, Request request) throws IOException {
            LabelTruth truth = request.truth().labels(spark, request.by());
            LabelMatch match = LabelMatch.of(spark, request.predictions(), truth, request.by());
            return TaskReport.ofLabels(
                    match.score().orElseThrow(() -> request.nothingMet("true labels", match.unmatched())),
                    match.by(),
                    match.unmatched(),
                    match.listed());
        }
    },
    /** Rows of {@code classify} or {@code faces} with soft labels, against those of a teacher. */
    DISTILLATION {
        @Override
        ScoreReport score(SparkSession spark, Request request) throws IOException {
            String student = request.predictions();
            String teacher = request.truth().uri();
            if (FaceTeacherMatch.isFor(spark, student)) {
                return ofFaces(
                        request,
                        FaceTeacherMatch.of(
                                spark, student, teacher, request.truth().match()));
            }
            TeacherMatch match =
                    TeacherMatch.of(spark, student, teacher, request.truth().match());
            return StudentReport.ofPhotos(
                    match.score().orElseThrow(() -> request.nothingMet("photos of the teacher", match.unmatched())),
                    match.unmatched());
        }

        private static ScoreReport ofFaces(Request request, FaceTeacherMatch match) {
            if (match.faces() == 0) {
                throw new UserError(String.format(
                        Locale.ROOT,
                        "No face of %s is in %s: %,d and %,d of the teacher do not meet by photo and box; give both runs the same photos and --detector, and see --match",
                        request.predictions(),
                        request.truth().uri(),
                        match.unmatched().withoutTruth(),
                        match.unmatched().withoutRow()));
            }
            return StudentReport.ofFaces(
                    match.attributes(), match.faces(), match.unmatched(), match.onlyStudent(), match.onlyTeacher());
        }
    },
    /** Rows of {@code detect}, against a table of boxes. */
    OBJECTS {
        @Override
        ScoreReport score(SparkSession spark, Request request) throws IOException {
            ObjectTruth truth = request.truth().objects(spark);
            ObjectMatch match = ObjectMatch.of(spark, request.predictions(), truth);
            if (match.photos() == 0) {
                throw request.nothingMet("photos of the truth", match.unmatched());
            }
            return TaskReport.ofObjects(match.score(), match.photos(), match.withoutPrediction(), match.unmatched());
        }
    },
    /** Rows of {@code faces}, against a table with a column per attribute. */
    ATTRIBUTES {
        @Override
        ScoreReport score(SparkSession spark, Request request) throws IOException {
            AttributeMatch match = request.truth().attributes(spark, request.predictions(), request.by());
            if (match.photos() == 0) {
                throw request.nothingMet("photos of the truth", match.unmatched());
            }
            return TaskReport.ofAttributes(
                    match.score(), match.by(), match.photos(), match.withoutPrediction(), match.unmatched());
        }
    },
    /** Rows of {@code embed}, or of {@code faces} with embeddings, against a table of pairs. */
    VERIFICATION {
        @Override
        ScoreReport score(SparkSession spark, Request request) throws IOException {
            PairMatch match = PairMatch.of(
                    spark,
                    request.predictions(),
                    request.truth().uri(),
                    request.truth().match());
            if (match.pairs() == 0) {
                throw new UserError(String.format(
                        Locale.ROOT,
                        "No pair of %s has rows for both of its photos in %s, of %,d; compare how the two name photos, and see --match",
                        request.truth().uri(),
                        request.predictions(),
                        match.unmatched().withoutRow()));
            }
            return TaskReport.ofVerification(
                    match.score(), match.withoutPrediction(), match.faceless(), match.unmatched());
        }
    };

    /**
     * A request for scores.
     *
     * @param predictions the output of a run
     * @param by columns to group by
     */
    record Request(String predictions, TruthOptions truth, List<String> by) {
        UserError nothingMet(String what, Unmatched unmatched) {
            return new UserError(String.format(
                    Locale.ROOT,
                    "No photo of %s is in %s: %,d photos and %,d %s do not meet; compare how the two name photos, and see --match",
                    predictions,
                    truth.uri(),
                    unmatched.withoutTruth(),
                    unmatched.withoutRow(),
                    what));
        }
    }

    /**
     * Joins predictions with the truth, and scores them.
     *
     * @throws IllegalArgumentException if either side is not of this task
     */
    abstract ScoreReport score(SparkSession spark, Request request) throws IOException;

    /** Calls {@link #score}, and reports invalid inputs as user errors. */
    ScoreReport report(SparkSession spark, Request request) throws IOException {
        if (!request.by().isEmpty() && this != LABELS && this != ATTRIBUTES) {
            throw new UserError("--by goes with --task place, labels and attributes only");
        }
        try {
            return score(spark, request);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()));
        }
    }
}
