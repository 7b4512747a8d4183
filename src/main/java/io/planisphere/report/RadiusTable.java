package io.planisphere.report;

import io.planisphere.eval.Breakdown;
import io.planisphere.eval.Estimate;
import io.planisphere.eval.PlaceEvaluation;
import io.planisphere.eval.RadiusCoverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table of the shares of photos within the radii of their rows: of all photos, then of each group.
 *
 * @param lines at least one; the first is that of all photos
 */
record RadiusTable(List<Line> lines) {
    private static final int GROUPS_SHOWN = 12;

    RadiusTable {
        lines = List.copyOf(lines);
    }

    /**
     * A line of the table.
     *
     * @param by grouping column; empty for all photos
     */
    record Line(String by, String group, int photos, RadiusCoverage coverage) {}

    /** Returns the table; empty if no row has a radius. */
    static Optional<RadiusTable> of(PlaceEvaluation evaluation) {
        RadiusCoverage all = evaluation.radiusCoverage();
        if (all.radius().isEmpty() && all.radius90().isEmpty()) {
            return Optional.empty();
        }
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("", "all", evaluation.all().n(), all));
        for (Breakdown breakdown : evaluation.breakdowns()) {
            breakdown
                    .groups()
                    .forEach(group -> lines.add(
                            new Line(breakdown.by(), group.name(), group.score().n(), group.coverage())));
        }
        return Optional.of(new RadiusTable(lines));
    }

    String csv() {
        Csv csv = new Csv();
        csv.line(Stream.of(
                        Stream.of("by", "group", "n"),
                        Csv.headings("radius_coverage").stream(),
                        Csv.headings("radius90_coverage").stream())
                .flatMap(each -> each));
        Estimate unknown = Estimate.alone(Double.NaN);
        for (Line line : lines) {
            csv.line(Stream.of(
                            Stream.of(line.by(), line.group(), String.valueOf(line.photos())),
                            Csv.values(line.coverage().radius().orElse(unknown)).stream(),
                            Csv.values(line.coverage().radius90().orElse(unknown)).stream())
                    .flatMap(each -> each));
        }
        return csv.toString();
    }

    /** Returns the table as text for the terminal, with the largest groups of each column. */
    String text() {
        StringBuilder text = new StringBuilder();
        line(text, "within the radius", "photos", "50 %", "90 %");
        String by = "";
        int shown = 0;
        for (Line line : lines) {
            shown = line.by().equals(by) ? shown + 1 : 1;
            by = line.by();
            if (shown <= GROUPS_SHOWN) {
                line(
                        text,
                        line.group(),
                        String.format(Locale.ROOT, "%,d", line.photos()),
                        percent(line.coverage().radius()),
                        percent(line.coverage().radius90()));
                intervals(text, line.coverage());
            }
        }
        return text.toString();
    }

    private static void intervals(StringBuilder text, RadiusCoverage coverage) {
        if (Stream.of(coverage.radius(), coverage.radius90())
                .flatMap(Optional::stream)
                .anyMatch(Estimate::hasInterval)) {
            line(text, "", "", interval(coverage.radius()), interval(coverage.radius90()));
        }
    }

    private static String percent(Optional<Estimate> share) {
        return share.map(each -> ScoreTable.percent(each.value()) + " %").orElse("");
    }

    private static String interval(Optional<Estimate> share) {
        return share.filter(Estimate::hasInterval)
                .map(each -> ScoreTable.percent(each.low()) + ".." + ScoreTable.percent(each.high()))
                .orElse("");
    }

    private static void line(StringBuilder text, Object... cells) {
        text.append(String.format(Locale.ROOT, "%-20.20s %11s%13s%13s", cells).stripTrailing())
                .append('\n');
    }
}
