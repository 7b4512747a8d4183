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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Imports exports of public architectures, and compares rows with what the framework says about the same photos (golden.py). */
class ModelImportTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final Path EXPORTS = Path.of("src/test/resources/exports");
    private static final String PHOTOS = "src/samples/photos";

    @TempDir
    private Path folder = Path.of("");

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    static Stream<String> classifiers() throws IOException {
        try (Stream<Path> exports = Files.list(EXPORTS)) {
            return exports
                    .filter(export -> Files.exists(export.resolve("config.json")))
                    .filter(export -> !export.endsWith("blazeface"))
                    .map(export -> export.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("classifiers")
    void anImportedClassifierPredictsWhatItsFrameworkDoes(String export) throws IOException {
        imported(export, "--licence", "CC0-1.0");
        run(
                "classify",
                "--model",
                folder.resolve("package"),
                "--input",
                PHOTOS,
                "--output",
                folder.resolve("rows"),
                "--top-k",
                10);

        Map<String, List<String[]>> golden = golden(export);
        assertThat(golden).hasSize(6);
        for (Row row : rows()) {
            double[] probabilities = new double[10];
            row.<Row>getList(row.fieldIndex("labels"))
                    .forEach(label -> probabilities[label.getInt(0)] = label.getFloat(2));
            String[] expected = golden.getOrDefault(row.getAs("id"), List.of()).get(0);
            for (int i = 0; i < 10; i++) {
                assertThat(probabilities[i])
                        .as("%s, label %d", row.<String>getAs("id"), i)
                        .isCloseTo(Double.parseDouble(expected[i + 1]), within(1e-4));
            }
        }
    }

    @Test
    void anImportedYuNetFindsTheFacesOfOpenCv() throws IOException {
        JobRun run = imported("yunet", "--licence", "MIT");
        assertThat(run.out()).contains("YuNet", "stretched to 96 x 96, bilinear; blue, green, red, 0 to 255");
        run(
                "faces",
                "--detector",
                folder.resolve("package"),
                "--min-score",
                0.97,
                "--min-face",
                0,
                "--input",
                PHOTOS,
                "--output",
                folder.resolve("rows"));

        assertThatFacesAreThoseOf("yunet");
    }

    @Test
    void aBlazeFaceThatDecodesItsBoxesFindsTheFacesOfItsFormulas() throws IOException {
        run(
                "faces",
                "--detector",
                EXPORTS.resolve("blazeface"),
                "--min-face",
                0,
                "--input",
                PHOTOS,
                "--output",
                folder.resolve("rows"));

        assertThatFacesAreThoseOf("blazeface");
    }

    /** Boxes are clipped to the photo here; a pixel of the small photo has up to seven of the large one. */
    private void assertThatFacesAreThoseOf(String export) throws IOException {
        Map<String, List<String[]>> golden = golden(export);
        assertThat(golden).isNotEmpty();
        for (Row row : rows()) {
            String photo = row.getAs("id");
            List<Row> faces = row.getList(row.fieldIndex("faces"));
            List<String[]> expected = golden.getOrDefault(photo, List.of());
            assertThat(faces).as(photo).hasSameSizeAs(expected);
            for (int i = 0; i < faces.size(); i++) {
                String[] face = expected.get(i);
                assertThat((double) faces.get(i).getFloat(0)).isCloseTo(Double.parseDouble(face[1]), within(1e-3));
                for (int side = 1; side <= 4; side++) {
                    int most = row.<Integer>getAs(side % 2 == 1 ? "width" : "height");
                    double clipped = Math.max(0, Math.min(Double.parseDouble(face[side + 1]), most));
                    assertThat((double) faces.get(i).getFloat(side))
                            .as("%s, face %d, side %d", photo, i, side)
                            .isCloseTo(clipped, within(0.1));
                }
            }
        }
    }

    @Test
    void theAssumptionsArePrinted() throws IOException {
        JobRun run = imported("timm-mobilenetv3_small_100");
        assertThat(run.out().lines())
                .startsWith(
                        "Task:          classify, 10 labels, label 0, label 1, label 2, …",
                        "Input:         input, NCHW",
                        "Scores:        output, which become probabilities by softmax")
                .anyMatch(
                        line -> line.startsWith(
                                "Preprocessing: shorter side to 109, bicubic; centre 96 x 96; red, green, blue; (x · 0.003922 − [0.485,"));
        assertThat(folder.resolve("package/manifest.json")).content().contains("\"licence\" : \"apache-2.0\"");
    }

    @Test
    void anEmbeddingUnderAUsualNameIsTaken() throws IOException {
        assertThat(imported("transformers-mobilenet_v2", "--licence", "CC0-1.0").out())
                .contains("Scores:        probabilities_of_labels, which become", "Embedding:     features, ");
    }

    @Test
    void anImportThatCannotBeIsRefusedInOneMessage() throws IOException {
        assertThat(refused(folder))
                .endsWith("there is neither model.onnx nor onnx/model.onnx in it; export the network to ONNX"
                        + " first (docs/models.md)");
        assertThat(refused(EXPORTS.resolve("xception-bgr")))
                .endsWith("states no licence; say under which terms the weights may be used with --licence");
        imported("xception-bgr", "--licence", "CC0-1.0");
        assertThat(refused(folder.resolve("package")))
                .endsWith("has a manifest.json, so it is a package already; give it to --model as it is");
        Files.createDirectories(folder.resolve("page"));
        Files.writeString(folder.resolve("page/model.onnx"), "<html>");
        assertThat(refused(folder.resolve("page"))).contains("model.onnx is no ONNX model");
    }

    private String refused(Path export) {
        JobRun run = JobRun.of("model", "import", export, "--output", folder.resolve("refused"));
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().strip()).hasLineCount(1);
        return run.err().strip();
    }

    private JobRun imported(String export, Object... more) {
        Object[] words = Stream.concat(
                        Stream.of("model", "import", EXPORTS.resolve(export), "--output", folder.resolve("package")),
                        Arrays.stream(more))
                .toArray();
        return run(words);
    }

    private static JobRun run(Object... words) {
        JobRun run = JobRun.of(words);
        assertThat(run.exit()).as(run.err()).isZero();
        return run;
    }

    private List<Row> rows() {
        List<Row> rows = SPARK.read().parquet(folder.resolve("rows").toString()).collectAsList();
        assertThat(rows).hasSize(6);
        return rows;
    }

    private static Map<String, List<String[]>> golden(String export) throws IOException {
        return Files.readAllLines(EXPORTS.resolve(export).resolve("golden.csv")).stream()
                .map(line -> line.split(",", -1))
                .collect(Collectors.groupingBy(words -> Arrays.asList(words).get(0)));
    }
}
