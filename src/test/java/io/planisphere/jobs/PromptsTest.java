package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code classify} over embeddings of prompts against transformers' own CLIPModel (golden.py). */
class PromptsTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final Path FOLDER = Path.of("src/test/resources/geoclip");

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void promptsHaveTheProbabilitiesOfClip(@TempDir Path folder) throws IOException {
        JobRun run = JobRun.of(
                "classify",
                "--model",
                FOLDER.resolve("prompts"),
                "--input",
                "src/samples/photos",
                "--output",
                folder.resolve("rows"));
        assertThat(run.exit()).as(run.err()).isZero();

        Map<String, List<String>> golden = Files.readAllLines(FOLDER.resolve("prompts.csv")).stream()
                .map(line -> List.of(line.split(",", -1)))
                .collect(Collectors.toMap(values -> values.get(0), Function.identity()));
        List<Row> rows = SPARK.read().parquet(folder.resolve("rows").toString()).collectAsList();
        assertThat(rows).hasSize(6);
        for (Row row : rows) {
            List<String> expected = Objects.requireNonNull(golden.get(row.<String>getAs("id")));
            List<Row> labels = row.getList(row.fieldIndex("labels"));
            assertThat(labels).hasSize(5);
            for (Row label : labels) {
                assertThat((double) label.getFloat(2))
                        .isCloseTo(Double.parseDouble(expected.get(label.getInt(0) + 1)), within(1e-4));
            }
        }
    }
}
