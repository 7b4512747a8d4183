package io.planisphere.spark.report;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.planisphere.report.ReportData.Histogram;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Computes histograms on the executors. */
final class Histograms {
    static final int BINS = 20;

    private Histograms() {}

    /** Returns the histogram of a score or probability, 0 to 1; null and NaN are not counted. */
    static Histogram ofScores(Dataset<Row> rows, Column score) {
        long[] counts = new long[BINS];
        rows.select(bin(score, lit(0.0), lit(1.0)).as("bin"))
                .where("bin is not null")
                .groupBy("bin")
                .agg(count(lit(1)))
                .collectAsList()
                .forEach(row -> counts[row.getInt(0)] = row.getLong(1));
        return new Histogram(0, 1, listed(counts));
    }

    /** Returns the bin of a value; values outside the range go to the first or the last bin. */
    static Column bin(Column value, Column low, Column high) {
        Column number = value.cast("double");
        Column bin = floor(number.minus(low).divide(high.minus(low)).multiply(BINS));
        return when(
                number.isNotNull().and(not(isnan(number))),
                greatest(lit(0), least(lit(BINS - 1), bin)).cast("int"));
    }

    static List<Long> listed(long[] counts) {
        return Arrays.stream(counts).boxed().toList();
    }
}
