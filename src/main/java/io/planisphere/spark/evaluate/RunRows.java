package io.planisphere.spark.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.planisphere.source.GivenPath;
import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.commit.OutputName;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Reads the rows of a run for scoring. */
final class RunRows {
    private RunRows() {}

    /**
     * Opens the output of a run.
     *
     * @param shapes shapes, one of which the rows must have
     * @throws IllegalArgumentException if the output does not exist, or a needed column is missing or of another type
     */
    static Dataset<Row> open(SparkSession spark, String output, RowShape... shapes) throws IOException {
        if (!OutputName.isTable(output)
                && !GivenPath.of("Predictions", output, spark.sessionState().newHadoopConf())
                        .exists()) {
            throw new IllegalArgumentException("Cannot read predictions from " + output + ": there is nothing");
        }
        Dataset<Row> rows = CommittedRows.read(spark, "Predictions", output);
        List<RowShape> named = Arrays.stream(shapes)
                .filter(shape -> shape.isNamedIn(rows.schema()))
                .toList();
        if (named.isEmpty()) {
            String wanted = Arrays.stream(shapes)
                    .map(shape -> "rows of " + shape.job() + " have " + String.join(", ", shape.names()))
                    .distinct()
                    .collect(Collectors.joining(", and "));
            throw refusal(output, "its columns are " + String.join(", ", rows.columns()) + ", but " + wanted, shapes);
        }
        if (named.stream().allMatch(shape -> shape.misfit(rows.schema()).isPresent())) {
            throw misfit(output, rows.schema(), named.get(0));
        }
        return rows;
    }

    private static IllegalArgumentException misfit(String output, StructType rows, RowShape shape) {
        StructField column = shape.misfit(rows).orElseThrow();
        return refusal(
                output,
                "its column %s is %s, but in rows of %s it is %s"
                        .formatted(
                                column.name(),
                                rows.apply(column.name()).dataType().simpleString(),
                                shape.job(),
                                column.dataType().simpleString()),
                shape);
    }

    private static IllegalArgumentException refusal(String output, String why, RowShape... shapes) {
        return new IllegalArgumentException("Cannot score %s: %s; give the --output of a %s run"
                .formatted(
                        output,
                        why,
                        Arrays.stream(shapes).map(RowShape::job).distinct().collect(Collectors.joining(" or a "))));
    }

    /**
     * Returns {@code key, hasRow boolean} (true), the column {@code prediction}, which is null unless the status is ok, and
     * more columns.
     *
     * @param side name of these rows in messages
     * @throws IllegalArgumentException if two rows have the same key
     */
    static Dataset<Row> predictions(
            Dataset<Row> rows, PhotoKey match, Column prediction, String side, List<Column> more) {
        Dataset<Row> keyed = rows.select(Stream.concat(
                        Stream.of(
                                match.ofPrediction().as("key"),
                                col("status").isNotNull().as("hasRow"),
                                when(col("status").equalTo("ok"), prediction).as("prediction")),
                        more.stream())
                .toArray(Column[]::new));
        match.refuseRepeated(keyed, side);
        return keyed;
    }
}
