package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Runs the quick start with the real models, and compares its rows with what golden.py finds in Python. */
@TestInstance(Lifecycle.PER_CLASS)
class QuickStartTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final Path GOLDEN = Path.of("src/test/resources/builtin");

    private Path folder = Path.of("");
    private JobRun first = new JobRun(0, "", "", "");

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        first = JobRun.of("quickstart", "--output", folder);
        assertThat(first.exit()).as(first.err()).isZero();
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void labelsOfMobileNetAreThoseOfPython() throws IOException {
        Map<String, Row> rows = rows("labels");
        Map<String, List<String[]>> golden = golden("labels.csv");
        assertThat(golden).hasSize(6).hasSameSizeAs(rows);
        golden.forEach((photo, labels) -> {
            List<Row> found = row(rows, photo).getList(row(rows, photo).fieldIndex("labels"));
            assertThat(found).extracting(label -> label.getString(1)).startsWith(labels.get(0)[1]);
            for (int i = 0; i < labels.size(); i++) {
                assertThat(found.get(i).getString(1)).as(photo).isEqualTo(labels.get(i)[1]);
                assertThat((double) found.get(i).getFloat(2))
                        .as(photo)
                        .isCloseTo(Double.parseDouble(labels.get(i)[2]), within(1e-4));
            }
        });
    }

    @Test
    void objectsOfTheDetectorAreThoseOfPython() throws IOException {
        Map<String, Row> rows = rows("objects");
        Map<String, List<String[]>> golden = golden("objects.csv");
        assertThat(golden).hasSizeGreaterThanOrEqualTo(4);
        rows.forEach((photo, row) -> {
            List<Row> found = row.getList(row.fieldIndex("objects"));
            List<String[]> objects = golden.getOrDefault(photo, List.of());
            assertThat(found).as(photo).hasSameSizeAs(objects);
            for (int i = 0; i < objects.size(); i++) {
                assertThat(found.get(i).getString(0)).as(photo).isEqualTo(objects.get(i)[1]);
                assertThat((double) found.get(i).getFloat(1))
                        .as(photo)
                        .isCloseTo(Double.parseDouble(objects.get(i)[2]), within(1e-3));
                for (int side = 2; side < 6; side++) {
                    assertThat((double) found.get(i).getFloat(side))
                            .as(photo)
                            .isCloseTo(Double.parseDouble(objects.get(i)[side + 1]), within(0.2));
                }
            }
        });
    }

    @Test
    void embeddingsOfTheDefaultModelAreThoseOfPython() throws IOException {
        Path output = folder.resolve("embedded");
        JobRun run = JobRun.of("embed", "--input", "src/samples/photos", "--output", output);
        assertThat(run.exit()).as(run.err()).isZero();
        Map<String, Row> rows = rows("embedded");
        golden("embeddings.csv").forEach((photo, golden) -> {
            List<Float> embedding = row(rows, photo).getList(row(rows, photo).fieldIndex("embedding"));
            assertThat(embedding).hasSize(1280);
            String[] values = golden.get(0);
            for (int i = 1; i < values.length; i++) {
                assertThat((double) embedding.get(i - 1)).isCloseTo(Double.parseDouble(values[i]), within(1e-3));
            }
        });
    }

    @Test
    void theTableHasOneLinePerPhotoAndThePagesAreThere() {
        List<String> lines = first.out().lines().toList();
        int header = lines.stream()
                .filter(line -> line.startsWith("photo "))
                .map(lines::lastIndexOf)
                .max(Integer::compare)
                .orElseThrow();
        assertThat(lines.subList(header + 1, header + 7))
                .extracting(line -> line.split(" ", 2)[0])
                .containsExactly("astronaut.jpg", "chelsea.jpg", "china.jpg", "coffee.jpg", "flower.jpg", "rocket.jpg");
        assertThat(lines.get(header + 1)).contains(" % ").contains("    1  person");
        assertThat(lines.get(header + 2)).contains("Egyptian cat");
        for (String page : List.of("places", "labels", "objects", "faces")) {
            assertThat(folder.resolve(page + ".html")).isNotEmptyFile();
        }
    }

    @Test
    void aSecondRunFindsNothingNew() {
        JobRun second = JobRun.of("quickstart", "--output", folder);
        assertThat(second.exit()).isZero();
        assertThat(second.out().lines().filter(line -> line.contains(" photos labelled in ")))
                .hasSize(4)
                .allMatch(line -> line.startsWith("0 photos"));
    }

    @Test
    void aFolderWithoutSamplesIsRefused() {
        JobRun run = JobRun.of("quickstart", "--samples", folder);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err())
                .isEqualToIgnoringNewLines("No folders earth and photos are in " + folder
                        + "; start in the root of the repository, or say where its src/samples is with --samples");
    }

    private Map<String, Row> rows(String name) {
        return SPARK.read().parquet(folder.resolve(name).toString()).collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getAs("id"), row -> row));
    }

    private static Row row(Map<String, Row> rows, String photo) {
        Row row = rows.get(photo);
        assertThat(row).as(photo).isNotNull();
        return Objects.requireNonNull(row);
    }

    private static Map<String, List<String[]>> golden(String file) throws IOException {
        return Files.readAllLines(GOLDEN.resolve(file)).stream()
                .map(line -> line.split(",", -1))
                .collect(Collectors.groupingBy(words -> Arrays.asList(words).get(0)));
    }
}
