package io.planisphere;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the committed notebooks without running them. CI runs them, by notebooks/run.sh. */
class NotebooksTest {
    private static final Path FOLDER = Path.of("notebooks");
    private static final long MOST_BYTES = 1_800_000;
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    /** Matches absolute paths of a machine, and dates with times. */
    private static final Pattern OF_A_MACHINE =
            Pattern.compile("(^|[\\s\"'(=:/])/(home|root|tmp|work|Users|build)/|\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d");

    static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreFiveSmallNotebooks() throws IOException {
        assertThat(notebooks())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "choose-a-width-a-resolution-int8-or-not.ipynb",
                        "face-attributes-responsibly.ipynb",
                        "labels-and-faces-in-sql.ipynb",
                        "train-your-own-geolocator.ipynb",
                        "where-were-these-photos-taken.ipynb");
        long bytes = 0;
        for (Path notebook : notebooks()) {
            bytes += Files.size(notebook);
        }
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void theKernelIsThatOfTheRepository(Path file) throws IOException {
        JsonNode notebook = read(file);

        assertThat(notebook.path("nbformat").intValue()).isEqualTo(4);
        JsonNode kernel = notebook.path("metadata").path("kernelspec");
        JsonNode spec = new ObjectMapper()
                .readTree(FOLDER.resolve("jupyter/kernels")
                        .resolve(kernel.path("name").textValue())
                        .resolve("kernel.json")
                        .toFile());
        assertThat(spec.path("display_name")).isEqualTo(kernel.path("display_name"));
        assertThat(spec.path("language")).isEqualTo(kernel.path("language"));
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void theFirstCellNamesTheGoalsAndTheLimitsOfTheResults(Path file) throws IOException {
        JsonNode first = read(file).path("cells").path(0);

        assertThat(first.path("cell_type").textValue()).isEqualTo("markdown");
        assertThat(text(first.path("source")))
                .contains("You will learn", "What the results mean", "What they do not mean");
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void outputsContainPicturesAndNoErrors(Path file) throws IOException {
        int pictures = 0;
        for (JsonNode output : outputs(read(file))) {
            assertThat(output.path("output_type").textValue()).isNotEqualTo("error");
            String picture = text(output.path("data").path("image/png"));
            if (!picture.isEmpty()) {
                // the PNG signature
                assertThat(Base64.getMimeDecoder().decode(picture)).startsWith(0x89, 'P', 'N', 'G');
                pictures++;
            }
        }
        assertThat(pictures).isGreaterThan(1);
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void outputsContainNoMachinePathsOrTimes(Path file) throws IOException {
        for (JsonNode output : outputs(read(file))) {
            assertThat(text(output.path("text")) + text(output.path("data").path("text/plain")))
                    .doesNotContainPattern(OF_A_MACHINE);
        }
        assertThat(read(file).findValues("execution")).as("times of execution").isEmpty();
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void linksLeadToFiles(Path file) throws IOException {
        List<String> links = new ArrayList<>();
        for (JsonNode cell : read(file).path("cells")) {
            if (cell.path("cell_type").textValue().equals("markdown")) {
                Matcher link = LINK.matcher(text(cell.path("source")));
                while (link.find()) {
                    links.add(link.group(1));
                }
            }
        }
        assertThat(links)
                .isNotEmpty()
                .allSatisfy(link -> assertThat(FOLDER.resolve(link)).exists());
    }

    private static JsonNode read(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    private static List<JsonNode> outputs(JsonNode notebook) {
        List<JsonNode> outputs = new ArrayList<>();
        notebook.path("cells").forEach(cell -> cell.path("outputs").forEach(outputs::add));
        return outputs;
    }

    /** Returns the text of a node: a string, or a list of its lines. */
    private static String text(JsonNode node) {
        StringBuilder text = new StringBuilder(node.asText());
        node.forEach(line -> text.append(line.asText()));
        return text.toString();
    }
}
