package io.planisphere.report;

import io.planisphere.eval.Breakdown;
import io.planisphere.eval.Comparison;
import io.planisphere.eval.Confidence;
import io.planisphere.eval.GeoScore;
import io.planisphere.eval.MatchCounts;
import io.planisphere.eval.PlaceEvaluation;
import io.planisphere.report.ScoreTable.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The scores of predicted places, as files and as text for the terminal. */
public final class EvaluationReport implements ScoreReport {
    private static final int GROUPS_SHOWN = 12;

    private final PlaceEvaluation evaluation;
    private final MatchCounts counts;

    public EvaluationReport(PlaceEvaluation evaluation, MatchCounts counts) {
        this.evaluation = evaluation;
        this.counts = counts;
    }

    @Override
    public Map<String, String> files() {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("overall.csv", overall().csv());
        evaluation
                .comparison()
                .ifPresent(two -> tables.put("comparison.csv", comparison(two).csv()));
        for (Breakdown breakdown : evaluation.breakdowns()) {
            String name = breakdown.by().replaceAll("[^\\p{L}\\p{N}_.-]", "_");
            tables.put("by_" + name + ".csv", breakdown(breakdown).csv());
        }
        if (!evaluation.byConfidence().isEmpty()) {
            tables.put("by_confidence.csv", byConfidence().csv());
        }
        evaluation.reliability().ifPresent(each -> tables.put("reliability.csv", new ReliabilityTable(each).csv()));
        RadiusTable.of(evaluation).ifPresent(table -> tables.put("radius_coverage.csv", table.csv()));
        Map<String, String> files = new LinkedHashMap<>(tables);
        files.put("metrics.json", MetricsJson.of(evaluation, counts, tables.keySet()));
        return files;
    }

    @Override
    public String text() {
        StringBuilder text =
                new StringBuilder(counted()).append('\n').append(overall().text());
        evaluation
                .comparison()
                .ifPresent(two -> text.append(String.format(
                                Locale.ROOT,
                                "%nAgainst the other run, photos of both; %,d only here and %,d only there left out%n",
                                counts.onlyHere(),
                                counts.onlyThere()))
                        .append(comparison(two).text()));
        for (Breakdown breakdown : evaluation.breakdowns()) {
            int groups = breakdown.groups().size();
            text.append('\n');
            line(text, "By %s, the %,d largest of %,d groups", breakdown.by(), Math.min(groups, GROUPS_SHOWN), groups);
            ScoreTable table = breakdown(breakdown);
            text.append(new ScoreTable(table.headings(), table.lines().subList(0, Math.min(groups, GROUPS_SHOWN)))
                    .text());
        }
        if (!evaluation.byConfidence().isEmpty()) {
            text.append("\nBy mean confidence\n").append(byConfidence().textWithoutIntervals());
        }
        evaluation.reliability().ifPresent(each -> text.append('\n').append(new ReliabilityTable(each).text()));
        RadiusTable.of(evaluation).ifPresent(table -> text.append('\n').append(table.text()));
        return text.toString();
    }

    private String counted() {
        GeoScore all = evaluation.all();
        int withoutPrediction =
                all.n() - evaluation.predicted().map(GeoScore::n).orElse(0);
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%,d photos with a true place, %,d of them without a prediction (%,d withheld)",
                all.n(),
                withoutPrediction,
                counts.withheld());
        line(
                text,
                "%,d photos without a true place, %,d true places without a photo",
                counts.withoutTruth(),
                counts.withoutRow());
        if (counts.excluded() > 0) {
            line(text, "%,d photos left out because of who took them", counts.excluded());
        }
        if (counts.nearDuplicates() > 0) {
            line(
                    text,
                    "%,d photos have a near-duplicate in the model's gallery: their places are looked up, which flatters the scores",
                    counts.nearDuplicates());
        }
        if (counts.withoutUser() == all.n()) {
            line(text, "Intervals of 95 %% by photo, for no user is known; photos of one user would make them wider");
        } else {
            line(text, "Intervals of 95 %% by user: %,d of them", all.users());
        }
        if (counts.withoutUser() > 0 && counts.withoutUser() < all.n()) {
            line(text, "%,d photos of unknown users, each taken for a user of its own", counts.withoutUser());
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private ScoreTable overall() {
        List<Line> lines = new ArrayList<>(List.of(new Line("all", evaluation.all())));
        evaluation.predicted().ifPresent(score -> lines.add(new Line("predicted", score)));
        evaluation.perfect().ifPresent(score -> lines.add(new Line("perfect classifier", score)));
        return new ScoreTable(List.of("predictions"), lines);
    }

    private static ScoreTable comparison(Comparison comparison) {
        return new ScoreTable(
                List.of("run"),
                List.of(
                        new Line("this", comparison.first()),
                        new Line("other", comparison.second()),
                        new Line("difference", comparison.difference())));
    }

    private static ScoreTable breakdown(Breakdown breakdown) {
        return new ScoreTable(
                List.of(breakdown.by()),
                breakdown.groups().stream()
                        .map(group -> new Line(group.name(), group.score()))
                        .toList());
    }

    private ScoreTable byConfidence() {
        return new ScoreTable(
                List.of("confidence_lowest", "confidence_highest", "confidence_mean"),
                evaluation.byConfidence().stream().map(EvaluationReport::line).toList());
    }

    private static Line line(Confidence.Group group) {
        return new Line(
                ScoreTable.percent(group.mean()) + " %",
                List.of(Csv.number(group.lowest()), Csv.number(group.highest()), Csv.number(group.mean())),
                group.score());
    }
}
