package io.planisphere.report;

import io.planisphere.eval.Reliability;
import io.planisphere.eval.Reliability.Bin;
import java.util.Locale;
import java.util.stream.Stream;

/** A table of confidence and accuracy. */
record ReliabilityTable(Reliability reliability) {
    String csv() {
        Csv csv = new Csv();
        csv.line(Stream.concat(Stream.of("low", "high", "n", "mean_confidence"), Csv.headings("in_cell").stream()));
        for (Bin bin : reliability.bins()) {
            csv.line(Stream.concat(
                    Stream.of(
                            Csv.number(bin.low()),
                            Csv.number(bin.high()),
                            String.valueOf(bin.n()),
                            Csv.number(bin.meanConfidence())),
                    Csv.values(bin.inCell()).stream()));
        }
        return csv.toString();
    }

    String text() {
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "%-20s %11s%13s%13s\n", "confidence", "photos", "mean", "in the cell"));
        for (Bin bin : reliability.bins()) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-20s %,11d%13s%13s%13s\n",
                    String.format(Locale.ROOT, "%.1f..%.1f", bin.low(), bin.high()),
                    bin.n(),
                    ScoreTable.percent(bin.meanConfidence()) + " %",
                    ScoreTable.percent(bin.inCell().value()) + " %",
                    bin.inCell().hasInterval()
                            ? ScoreTable.percent(bin.inCell().low()) + ".."
                                    + ScoreTable.percent(bin.inCell().high())
                            : ""));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "Expected calibration error %s %%\n",
                        ScoreTable.percent(reliability.calibrationError())))
                .toString();
    }
}
