package io.planisphere.report;

import io.planisphere.eval.Estimate;
import io.planisphere.eval.GeoScore;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of scores.
 *
 * @param headings headings of the columns that identify a score
 */
record ScoreTable(List<String> headings, List<Line> lines) {
    private static final String BEGINNING = "%-20.20s %11s";
    private static final int WIDTH = 13;

    ScoreTable {
        headings = List.copyOf(headings);
        lines = List.copyOf(lines);
    }

    /**
     * A line with one score.
     *
     * @param name name on the terminal
     * @param values values in CSV, one per heading
     */
    record Line(String name, List<String> values, GeoScore score) {
        Line(String name, GeoScore score) {
            this(name, List.of(name), score);
        }
    }

    String csv() {
        Csv csv = new Csv();
        csv.line(Stream.of(
                        headings.stream(),
                        Stream.of("n", "users"),
                        Csv.headings("median_km").stream(),
                        Csv.headings("mean_km").stream(),
                        GeoScore.RADII_KM.stream().flatMap(km -> Csv.headings("within_" + km + "_km").stream()))
                .flatMap(each -> each));
        for (Line line : lines) {
            GeoScore score = line.score();
            csv.line(Stream.of(
                            line.values().stream(),
                            Stream.of(String.valueOf(score.n()), String.valueOf(score.users())),
                            Csv.values(score.medianKm()).stream(),
                            Csv.values(score.meanKm()).stream(),
                            score.within().stream().flatMap(each -> Csv.values(each.share()).stream()))
                    .flatMap(each -> each));
        }
        return csv.toString();
    }

    /**
     * Returns the table as text for the terminal: shares in percent, intervals below the figures. It is ASCII, which every
     * terminal can display.
     */
    String text() {
        return title()
                + lines.stream()
                        .map(line -> figures(line) + intervals(line.score()))
                        .collect(Collectors.joining());
    }

    /** Returns the same text as {@link #text()}, but with one line per score. */
    String textWithoutIntervals() {
        return title() + lines.stream().map(ScoreTable::figures).collect(Collectors.joining());
    }

    private static String title() {
        return BEGINNING.formatted("", "photos")
                + GeoScore.RADII_KM.stream().map(km -> cell(km + " km")).collect(Collectors.joining())
                + cell("median")
                + cell("mean")
                + "\n";
    }

    private static String figures(Line line) {
        GeoScore score = line.score();
        return BEGINNING.formatted(line.name(), String.format(Locale.ROOT, "%,d", score.n()))
                + row(score, share -> percent(share.value()) + " %", error -> km(error.value(), " km"));
    }

    private static String intervals(GeoScore score) {
        return score.medianKm().hasInterval()
                ? BEGINNING.formatted("", "")
                        + row(
                                score,
                                share -> percent(share.low()) + ".." + percent(share.high()),
                                error -> Double.isFinite(error.low())
                                        ? km(error.low(), "") + ".." + km(error.high(), "")
                                        : "")
                : "";
    }

    private static String row(GeoScore score, Function<Estimate, String> share, Function<Estimate, String> error) {
        String cells = score.within().stream()
                        .map(each -> cell(share.apply(each.share())))
                        .collect(Collectors.joining())
                + cell(error.apply(score.medianKm()))
                + cell(error.apply(score.meanKm()));
        return cells.stripTrailing() + "\n";
    }

    private static String cell(String text) {
        return String.format(Locale.ROOT, "%" + WIDTH + "s", text);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static String km(double km, String unit) {
        return Double.isFinite(km) ? String.format(Locale.ROOT, Math.abs(km) < 100 ? "%.1f" : "%,.0f", km) + unit : "-";
    }
}
