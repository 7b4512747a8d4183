package io.planisphere.spark.train;

import static org.apache.spark.sql.functions.col;

import com.fasterxml.jackson.databind.JsonNode;
import io.planisphere.source.GivenPath;
import io.planisphere.spark.commit.CommittedRows;
import io.planisphere.spark.file.JsonFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The output of a run of {@code embed}.
 *
 * @param rows rows of the photos that have an embedding: {@code id, uri, embedding}, the latter as {@code array<float>} or, in
 *     half precision, {@code binary}
 * @param modelLocation location of the backbone in that run
 * @param modelDigest the backbone's SHA-256
 * @param record its {@code run.json}
 */
public record EmbeddingRun(Dataset<Row> rows, String modelLocation, String modelDigest, JsonNode record) {

    /**
     * Opens the output of a run.
     *
     * @throws IllegalArgumentException if it is not an output of {@code embed}, the run did not end, or its embeddings are
     *     normalised
     */
    public static EmbeddingRun open(SparkSession spark, String output) throws IOException {
        Optional<String> state = CommittedRows.stateOf(spark, output);
        GivenPath given = GivenPath.of(
                "--embeddings", state.orElse(output), spark.sessionState().newHadoopConf());
        Path file = new Path(given.path(), state.isPresent() ? "run.json" : "_run/run.json");
        JsonNode record = new JsonFile(file, given.fs())
                .read(JsonNode.class)
                .orElseThrow(() -> refusal(output, "there is no " + file + "; give the --output of an embed run"));
        String job = record.path("job").asText();
        if (!job.equals("embed")) {
            throw refusal(output, "it holds rows of " + job + "; give the --output of an embed run");
        }
        JsonNode starts = record.path("invocations");
        String lastState = starts.path(starts.size() - 1).path("state").asText();
        if (!lastState.equals("done")) {
            throw refusal(
                    output, "its last start is " + lastState + ", not done; start embed again, which does the rest");
        }
        if (record.path("settings").path("normalize").asBoolean()) {
            throw refusal(
                    output,
                    "they were made with --normalize, and the network that a head is put on does not normalise;"
                            + " make them again without");
        }
        Dataset<Row> rows = CommittedRows.read(spark, "--embeddings", output);
        if (!List.of(rows.columns()).contains("embedding")) {
            throw refusal(output, "its rows have no embedding; give the --output of an embed run");
        }
        return new EmbeddingRun(
                rows.where(col("status").equalTo("ok").and(col("embedding").isNotNull()))
                        .select("id", "uri", "embedding"),
                record.path("model").path("location").asText(),
                record.path("model").path("sha256").asText(),
                record);
    }

    private static IllegalArgumentException refusal(String output, String why) {
        return new IllegalArgumentException("Cannot train on embeddings in " + output + ": " + why);
    }
}
