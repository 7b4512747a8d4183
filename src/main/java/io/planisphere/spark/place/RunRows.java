package io.planisphere.spark.place;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The rows that a run left, to be scored. */
final class RunRows {
    private RunRows() {}

    /**
     * Opens the output of a run.
     *
     * @param job that makes such rows, and with which options, for the message
     * @throws IllegalArgumentException if there is nothing, or a required column is missing
     */
    static Dataset<Row> open(SparkSession spark, String output, String job, List<String> required) throws IOException {
        Path path = new Path(output);
        if (!path.getFileSystem(spark.sessionState().newHadoopConf()).exists(path)) {
            throw new IllegalArgumentException("Cannot read predictions from " + output + ": there is nothing");
        }
        Dataset<Row> rows = spark.read().parquet(output);
        List<String> columns = List.of(rows.columns());
        if (!columns.containsAll(required)) {
            throw new IllegalArgumentException(
                    "Cannot score %s: its columns are %s, but rows of %s have %s; give the --output of a %s run"
                            .formatted(output, String.join(", ", columns), job, String.join(", ", required), job));
        }
        return rows;
    }

    /**
     * {@code key, hasRow boolean} (true), the column called {@code answer}, null unless the status is ok, and more columns.
     *
     * @param side what a message calls these rows
     * @throws IllegalArgumentException if two rows have the same key
     */
    static Dataset<Row> answers(Dataset<Row> rows, PhotoKey match, Column answer, String side, List<Column> more) {
        Dataset<Row> keyed = rows.select(Stream.concat(
                        Stream.of(
                                match.ofPrediction().as("key"),
                                col("status").isNotNull().as("hasRow"),
                                when(col("status").equalTo("ok"), answer).as("answer")),
                        more.stream())
                .toArray(Column[]::new));
        match.refuseRepeated(keyed, side);
        return keyed;
    }
}
