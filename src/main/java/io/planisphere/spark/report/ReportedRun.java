package io.planisphere.spark.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.run.RunDirectory;
import io.planisphere.spark.run.RunRecord;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A run to report on.
 *
 * @param given its output, as given on the command line
 * @param record its {@code run.json}
 * @param rows at least {@code id, uri, status, detail, width, height}
 */
record ReportedRun(SparkSession spark, String given, RunDirectory directory, RunRecord record, Dataset<Row> rows) {
    private static final List<String> COLUMNS = List.of("id", "uri", "status", "detail", "width", "height");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_STARTS = 10;
    private static final int MOST_OPTIONS = 60;

    /**
     * Opens the run without reading rows.
     *
     * @throws IllegalArgumentException if there is none, or it has no rows
     */
    static ReportedRun open(SparkSession spark, String run) throws IOException {
        RunDirectory directory = RunDirectory.read(spark, run);
        Optional<RunRecord> record = directory.read(directory.record(), RunRecord.class);
        if (record.isEmpty()) {
            throw new IllegalArgumentException("Cannot show a run from " + run
                    + ": it holds no _run/run.json; give the " + "--output of a job such as locate");
        }
        if (directory.state().batches().isEmpty()) {
            throw new IllegalArgumentException("Cannot show the run in " + run
                    + ": it has no rows yet; start the job again, or wait for its first batch");
        }
        Dataset<Row> rows = CommittedRows.read(spark, "--run", run);
        if (!Arrays.asList(rows.columns()).containsAll(COLUMNS)) {
            throw new IllegalArgumentException("Cannot show %s: its columns are %s, but rows of a job have %s"
                    .formatted(run, String.join(", ", rows.columns()), String.join(", ", COLUMNS)));
        }
        return new ReportedRun(spark, run, directory, record.get(), rows);
    }

    boolean has(String... columns) {
        return Arrays.asList(rows.columns()).containsAll(Arrays.asList(columns));
    }

    /** Returns {@code run.json}, with only the last of many runs, and only the first words of long command lines. */
    ObjectNode json() {
        ObjectNode json = JSON.valueToTree(record);
        ArrayNode starts = (ArrayNode) json.get("invocations");
        json.put("starts", starts.size());
        while (starts.size() > MOST_STARTS) {
            starts.remove(0);
        }
        for (int i = 0; i < starts.size(); i++) {
            ArrayNode options = (ArrayNode) starts.get(i).get("options");
            while (options.size() > MOST_OPTIONS) {
                options.remove(options.size() - 1);
            }
            for (int word = 0; word < options.size(); word++) {
                options.set(
                        word,
                        JSON.getNodeFactory()
                                .textNode(Texts.shortened(options.get(word).asText())));
            }
        }
        return json;
    }
}
