package io.planisphere.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.eval.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of figures with one line per item.
 *
 * @param by kind of the items, such as {@code label}
 * @param counted what {@code n} counts
 */
record FigureTable(String by, String counted, List<Figure> figures, List<Line> lines) {
    FigureTable {
        figures = List.copyOf(figures);
        lines = List.copyOf(lines);
    }

    /** The format of a figure on the terminal. */
    enum Unit {
        SHARE,
        NUMBER
    }

    /**
     * A column.
     *
     * @param key key in files
     * @param title title on the terminal
     */
    record Figure(String key, String title, Unit unit) {
        static Figure share(String key, String title) {
            return new Figure(key, title, Unit.SHARE);
        }

        static Figure number(String key, String title) {
            return new Figure(key, title, Unit.NUMBER);
        }

        private String shown(double value) {
            if (!Double.isFinite(value)) {
                return "-";
            }
            return unit == Unit.SHARE ? ScoreTable.percent(value) : String.format(Locale.ROOT, "%.4f", value);
        }
    }

    /** A line, with one value per figure. */
    record Line(String name, long n, List<Estimate> values) {
        Line {
            values = List.copyOf(values);
        }
    }

    String csv() {
        Csv csv = new Csv();
        csv.line(Stream.concat(
                Stream.of(by, "n"), figures.stream().flatMap(figure -> Csv.headings(figure.key()).stream())));
        for (Line line : lines) {
            csv.line(Stream.concat(
                    Stream.of(line.name(), String.valueOf(line.n())),
                    line.values().stream().flatMap(value -> Csv.values(value).stream())));
        }
        return csv.toString();
    }

    /** Returns the first lines as text for the terminal, with intervals below the figures. */
    String text(int most) {
        StringBuilder text = new StringBuilder(
                row("", counted, figures.stream().map(Figure::title).toList()));
        for (Line line : lines.subList(0, Math.min(most, lines.size()))) {
            List<String> values = new ArrayList<>();
            List<String> intervals = new ArrayList<>();
            for (int i = 0; i < figures.size(); i++) {
                Figure figure = figures.get(i);
                Estimate value = line.values().get(i);
                String shown = figure.shown(value.value());
                values.add(figure.unit() == Unit.SHARE && !shown.equals("-") ? shown + " %" : shown);
                intervals.add(value.hasInterval() ? figure.shown(value.low()) + ".." + figure.shown(value.high()) : "");
            }
            text.append(row(line.name(), String.format(Locale.ROOT, "%,d", line.n()), values));
            if (intervals.stream().anyMatch(each -> !each.isEmpty())) {
                text.append(row("", "", intervals));
            }
        }
        return text.toString();
    }

    private static String row(String name, String n, List<String> cells) {
        String row = String.format(Locale.ROOT, "%-20.20s %11s", name, n)
                + cells.stream()
                        .map(cell -> String.format(Locale.ROOT, " %14s", cell))
                        .collect(Collectors.joining());
        return row.stripTrailing() + "\n";
    }

    /** Writes the lines as a list of objects. */
    void write(ArrayNode json) {
        for (Line line : lines) {
            ObjectNode node = json.addObject().put("name", line.name()).put("n", line.n());
            write(node, line);
        }
    }

    /** Writes the figures of one line. */
    void write(ObjectNode json, Line line) {
        for (int i = 0; i < figures.size(); i++) {
            MetricsJson.estimate(json, figures.get(i).key(), line.values().get(i));
        }
    }
}
