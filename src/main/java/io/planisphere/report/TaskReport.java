package io.planisphere.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.eval.AttributeScore;
import io.planisphere.eval.AttributeScore.Group;
import io.planisphere.eval.DetectionScore;
import io.planisphere.eval.Estimate;
import io.planisphere.eval.LabelScore;
import io.planisphere.eval.Unmatched;
import io.planisphere.eval.VerificationScore;
import io.planisphere.report.FigureTable.Figure;
import io.planisphere.report.FigureTable.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The scores of all tasks other than places: labels, objects, attributes, pairs, and students of a teacher. */
public final class TaskReport implements ScoreReport {
    private static final int LINES_SHOWN = 12;

    /**
     * A count, which is not a score.
     *
     * @param key key in metrics.json
     * @param what name of the count on the terminal
     */
    record Count(String key, String what, long value) {}

    private final String task;
    private final List<Count> counts;
    private final FigureTable overall;
    private final List<FigureTable> tables;

    TaskReport(String task, List<Count> counts, FigureTable overall, List<FigureTable> tables) {
        this.task = task;
        this.counts = counts;
        this.overall = overall;
        this.tables = tables;
    }

    /**
     * Returns the report for labels.
     *
     * @param by groups by grouping column
     * @param listed maximum number of labels in a row; if below five, top 5 is really the top of this number
     */
    public static TaskReport ofLabels(
            LabelScore score, Map<String, List<LabelScore.OfLabel>> by, Unmatched unmatched, int listed) {
        List<FigureTable> tables = new ArrayList<>(List.of(labels("label", score.labels())));
        by.forEach((name, groups) -> tables.add(labels(name, groups)));
        return new TaskReport(
                "labels",
                List.of(
                        new Count(
                                "without_prediction",
                                "photos without a prediction, which are wrong",
                                score.withoutPrediction()),
                        new Count("photos_without_truth", "photos without a true label", unmatched.withoutTruth()),
                        new Count("truth_without_photo", "true labels without a row", unmatched.withoutRow()),
                        new Count("labels_per_photo", "labels per row at most", listed)),
                labels("all", List.of(new LabelScore.OfLabel("all", score.n(), score.top1(), score.top5()))),
                tables);
    }

    private static FigureTable labels(String by, List<LabelScore.OfLabel> labels) {
        return new FigureTable(
                by,
                "photos",
                List.of(Figure.share("top_1", "top 1"), Figure.share("top_5", "top 5")),
                labels.stream()
                        .map(each -> new Line(each.label(), each.n(), List.of(each.top1(), each.top5())))
                        .toList());
    }

    /**
     * Returns the report for objects.
     *
     * @param photos number of scored photos
     * @param withoutPrediction those of them without a prediction
     */
    public static TaskReport ofObjects(DetectionScore score, long photos, long withoutPrediction, Unmatched unmatched) {
        List<Figure> figures = List.of(
                Figure.share("map", "mAP"), Figure.share("map_50", "mAP .50"), Figure.share("map_75", "mAP .75"));
        return new TaskReport(
                "objects",
                List.of(
                        new Count(
                                "without_prediction",
                                "photos without a prediction, of which nothing is found",
                                withoutPrediction),
                        new Count("photos_without_truth", "photos without truth", unmatched.withoutTruth()),
                        new Count("truth_without_photo", "photos of the truth without a row", unmatched.withoutRow()),
                        new Count(
                                "labels_without_truth",
                                "labels found that the truth does not have",
                                score.withoutTruth().size())),
                new FigureTable(
                        "all",
                        "photos",
                        figures,
                        List.of(new Line(
                                "all",
                                photos,
                                List.of(alone(score.map()), alone(score.map50()), alone(score.map75()))))),
                List.of(new FigureTable(
                        "label",
                        "objects",
                        List.of(
                                Figure.share("ap", "AP"),
                                Figure.share("ap_50", "AP .50"),
                                Figure.share("ap_75", "AP .75")),
                        score.labels().stream()
                                .map(each -> new Line(
                                        each.label(),
                                        each.real(),
                                        List.of(
                                                Estimate.alone(each.ap()),
                                                Estimate.alone(each.ap50()),
                                                Estimate.alone(each.ap75()))))
                                .toList())));
    }

    /**
     * Returns the report for attributes.
     *
     * @param by groups by grouping column
     * @param photos number of scored photos
     * @param withoutPrediction those of them without a prediction
     */
    public static TaskReport ofAttributes(
            AttributeScore score,
            Map<String, List<Group>> by,
            long photos,
            long withoutPrediction,
            Unmatched unmatched) {
        List<FigureTable> tables = new ArrayList<>(List.of(attributes(score)));
        by.forEach((name, groups) -> tables.add(groups(name, groups)));
        return new TaskReport(
                "attributes",
                List.of(
                        new Count(
                                "without_prediction",
                                "photos without a prediction, which rank last and are wrong",
                                withoutPrediction),
                        new Count("photos_without_truth", "photos without truth", unmatched.withoutTruth()),
                        new Count("truth_without_photo", "photos of the truth without a row", unmatched.withoutRow()),
                        new Count(
                                "attributes_without_positives",
                                "attributes that no photo has, left out",
                                score.withoutPositives().size())),
                groups("all", List.of(new Group("all", photos, score))),
                tables);
    }

    /** Returns the means over attributes. */
    private static FigureTable groups(String by, List<Group> groups) {
        return new FigureTable(
                by,
                "photos",
                List.of(Figure.share("map", "mean AP"), Figure.share("mean_accuracy", "mean accuracy")),
                groups.stream()
                        .map(each -> new Line(
                                each.name(),
                                each.photos(),
                                List.of(
                                        alone(each.score().meanAveragePrecision()),
                                        alone(each.score().meanAccuracy()))))
                        .toList());
    }

    private static FigureTable attributes(AttributeScore score) {
        return new FigureTable(
                "attribute",
                "photos",
                List.of(Figure.share("ap", "AP"), Figure.share("accuracy", "accuracy")),
                score.attributes().stream()
                        .map(each -> new Line(
                                each.name(),
                                each.n(),
                                List.of(Estimate.alone(each.averagePrecision()), each.accuracy())))
                        .toList());
    }

    /**
     * Returns the report for pairs.
     *
     * @param withoutPrediction pairs in which a photo has no vector
     * @param faceless photos of pairs without a detected face; empty if the run is not of faces
     */
    public static TaskReport ofVerification(
            VerificationScore score, long withoutPrediction, OptionalLong faceless, Unmatched unmatched) {
        List<Count> counts = new ArrayList<>(List.of(
                new Count("same", "pairs that show the same", score.same()),
                new Count("different", "pairs that do not", score.different()),
                new Count(
                        "without_prediction",
                        "pairs of which a photo has no vector, never accepted",
                        withoutPrediction),
                new Count("truth_without_photo", "pairs without rows, left out", unmatched.withoutRow())));
        faceless.ifPresent(photos -> counts.add(
                new Count("photos_without_face", "photos without a face, whose pairs are never accepted", photos)));
        return new TaskReport(
                "verification",
                counts,
                new FigureTable(
                        "all",
                        "pairs",
                        List.of(Figure.number("auc", "AUC")),
                        List.of(new Line(
                                "all", score.same() + score.different(), List.of(Estimate.alone(score.auc()))))),
                List.of(new FigureTable(
                        "far",
                        "same pairs",
                        List.of(Figure.share("val", "VAL"), Figure.number("threshold", "threshold")),
                        score.val().stream()
                                .map(each -> new Line(
                                        String.valueOf(each.rate()),
                                        score.same(),
                                        List.of(each.share(), Estimate.alone(each.threshold()))))
                                .toList())));
    }

    private static Estimate alone(OptionalDouble value) {
        return Estimate.alone(value.orElse(Double.NaN));
    }

    @Override
    public Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("overall.csv", overall.csv());
        for (FigureTable table : tables) {
            files.put("by_" + table.by().replaceAll("[^\\p{L}\\p{N}_.-]", "_") + ".csv", table.csv());
        }
        Line all = overall.lines().get(0);
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("task", task);
        json.put("n", all.n());
        counts.forEach(count -> json.put(count.key(), count.value()));
        overall.write(json, all);
        if (!tables.isEmpty()) {
            ObjectNode by = json.putObject("by");
            tables.forEach(table -> table.write(by.putArray(table.by())));
        }
        files.keySet().forEach(json.putArray("tables")::add);
        files.put("metrics.json", json.toPrettyString() + "\n");
        return files;
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Count count : counts) {
            text.append(String.format(Locale.ROOT, "%,d %s%n", count.value(), count.what()));
        }
        text.append('\n').append(overall.text(1));
        for (FigureTable table : tables) {
            int lines = table.lines().size();
            text.append(String.format(
                    Locale.ROOT, "%nBy %s, the first %,d of %,d%n", table.by(), Math.min(lines, LINES_SHOWN), lines));
            text.append(table.text(LINES_SHOWN));
        }
        return text.toString();
    }
}
