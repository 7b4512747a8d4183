package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.spark.LocalSpark;
import io.planisphere.vision.HalfFloat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Evaluates rows of faces: verification of people, and students against teachers. */
class EvaluateFacesTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final StructType FACES =
            StructType.fromDDL("id string, uri string, status string, detail string, width int, height int,"
                    + " faces array<struct<score float, xmin float, ymin float, xmax float, ymax float,"
                    + " attributes map<string, float>, embedding array<float>, soft_labels map<string, binary>>>");

    private final StringWriter printed = new StringWriter();
    private Path folder;
    private Path rows;
    private Path truth;

    @BeforeEach
    void startIn(@TempDir Path temporary) {
        folder = temporary;
        rows = folder.resolve("rows");
        truth = folder.resolve("truth.csv");
    }

    /**
     * The embeddings and figures of the test for rows of embed, each after a lower-scoring face that would change the result.
     */
    @Test
    void theHighestScoringFaceOfAPhotoIsUsed() throws IOException {
        write(
                rows,
                photo("a", known(0.6f, 0, 1), known(0.9f, 1, 0)),
                photo("b", known(0.9f, 2, 0.1f), known(0.5f, 0, 1)),
                photo("c", known(0.7f, 0, 3)),
                photo("d", known(0.8f, 1, 1), known(0.7f, -1, 0)),
                photo("nobody"),
                photo("empty"),
                photo("unasked"),
                RowFactory.create("broken", "file:/photos/broken", "truncated", null, null, null, null));
        Files.writeString(truth, """
                first,second,same
                a,b,1
                a,c,0
                b,c,false
                c,d,true
                a,nobody,yes
                nobody,c,no
                nobody,empty,no
                a,broken,yes
                a,z,1
                """);

        JsonNode metrics = evaluate("verification");

        assertThat(metrics.get("n").asInt()).isEqualTo(8);
        assertThat(metrics.get("same").asInt()).isEqualTo(4);
        assertThat(metrics.get("different").asInt()).isEqualTo(4);
        assertThat(metrics.get("without_prediction").asInt()).isEqualTo(4);
        assertThat(metrics.get("photos_without_face").asInt()).isEqualTo(2);
        assertThat(metrics.get("truth_without_photo").asInt()).isEqualTo(1);
        // .99875 and .70711 are above all four negatives, the two pairs without an embedding tie with two of them: (4
        // + 4 + 1 + 1) / 16
        assertThat(metrics.get("auc").asDouble()).isCloseTo(0.625, within(1e-12));
        JsonNode far = metrics.get("by").get("far");
        assertThat(far.get(0).get("val").asDouble()).isEqualTo(0.5);
        assertThat(far.get(0).get("threshold").asDouble()).isCloseTo(Math.sqrt(0.5), within(1e-6));
        assertThat(printed.toString()).contains("2 photos without a face, whose pairs are never accepted");
    }

    @Test
    void facesWithoutEmbeddingsAreRejected() throws IOException {
        write(rows, photo("a", face(0.9f, 0, null, null)), photo("b"));
        Files.writeString(truth, "first,second,same\na,b,1\n");

        assertThatThrownBy(() -> evaluate("verification"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("none has a vector; run faces with --embedding");
    }

    @Test
    void aFaceStudentIsComparedWithItsTeacherPerAttribute() throws IOException {
        write(
                rows,
                photo("a", taught(0, soft("age", 0.5f, 0.5f), soft("male", 0.75f), soft("mine", 1, 0))),
                photo("b", taught(0, soft("age", 0.25f, 0.75f), soft("male", 0.5f)), taught(4)),
                photo("mine", taught(0, soft("age", 1, 0))),
                RowFactory.create("broken", "file:/photos/broken", "truncated", null, null, null, null));
        truth = folder.resolve("teacher");
        write(
                truth,
                // the order of the two faces in b does not matter
                photo("b", taught(8), taught(0, soft("age", 0.25f, 0.75f), soft("male", 0.25f))),
                photo("a", taught(0, soft("age", 1, 0), soft("male", 1))),
                photo("broken", taught(0), taught(4)));

        JsonNode metrics = evaluate("distillation");

        assertThat(metrics.get("n").asInt()).isEqualTo(2);
        assertThat(metrics.get("faces_only_student").asInt()).isEqualTo(2);
        assertThat(metrics.get("faces_only_teacher").asInt()).isEqualTo(3);
        assertThat(metrics.get("attributes_only_student").asInt()).isEqualTo(1);
        assertThat(metrics.get("attributes_only_teacher").asInt()).isZero();
        JsonNode age = metrics.get("by").get("attribute").get(0);
        double entropy = 0.25 * Math.log(4) + 0.75 * Math.log(4 / 3.0);
        assertThat(age.get("name").asText()).isEqualTo("age");
        assertThat(age.get("cross_entropy").asDouble()).isCloseTo((Math.log(2) + entropy) / 2, within(1e-12));
        assertThat(age.get("kl_divergence").asDouble()).isCloseTo(Math.log(2) / 2, within(1e-12));
        assertThat(age.get("agreement").asDouble()).isEqualTo(1);
        // a single number is a binary distribution: -ln 0.75 for the first, ln 2 for the second, minus the entropy of
        // a quarter
        JsonNode male = metrics.get("by").get("attribute").get(1);
        double yesOrNo = (Math.log(4 / 3.0) + Math.log(2)) / 2;
        assertThat(male.get("name").asText()).isEqualTo("male");
        assertThat(male.get("cross_entropy").asDouble()).isCloseTo(yesOrNo, within(1e-12));
        assertThat(male.get("kl_divergence").asDouble()).isCloseTo(yesOrNo - entropy / 2, within(1e-12));
        assertThat(male.get("agreement").asDouble()).isEqualTo(0.5);
        assertThat(metrics.get("cross_entropy").asDouble())
                .isCloseTo((yesOrNo + (Math.log(2) + entropy) / 2) / 2, within(1e-12));
        assertThat(folder.resolve("scores/by_attribute.csv")).content().startsWith("attribute,n,cross_entropy");
    }

    @Test
    void facesThatCannotBeMatchedOrComparedAreRejected() throws IOException {
        write(rows, photo("a", taught(0, soft("age", 0.5f, 0.5f))));
        truth = folder.resolve("elsewhere");
        write(truth, photo("a", taught(8, soft("age", 1, 0))));
        assertThatThrownBy(() -> evaluate("distillation"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("1 and 1 of the teacher do not meet by photo and box")
                .hasMessageContaining("--detector");
        truth = folder.resolve("other");
        write(truth, photo("a", taught(0, soft("mood", 1, 0))));
        assertThatThrownBy(() -> evaluate("distillation"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("the student's faces have age, the teacher's mood; give both runs the same");
        truth = folder.resolve("wider");
        write(truth, photo("a", taught(0, soft("age", 1, 0, 0))));
        assertThatThrownBy(() -> evaluate("distillation"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("age of photo a: The teacher has 3 classes, the student 2");
        truth = folder.resolve("hard");
        SPARK.read()
                .parquet(rows.toString())
                .selectExpr("id", "uri", "status", "transform(faces, f -> f.attributes) as faces")
                .write()
                .parquet(truth.toString());
        assertThatThrownBy(() -> evaluate("distillation"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("give the --output of a faces --soft-labels run");
    }

    private JsonNode evaluate(String task) throws IOException {
        Evaluate evaluate = new Evaluate();
        new CommandLine(evaluate)
                .setOut(new PrintWriter(printed))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(
                        "--task",
                        task,
                        "--predictions",
                        rows.toString(),
                        "--truth",
                        truth.toString(),
                        "--output",
                        folder.resolve("scores").toString());

        assertThat(evaluate.call()).isZero();

        return new ObjectMapper().readTree(folder.resolve("scores/metrics.json").toFile());
    }

    private static void write(Path run, Row... rows) {
        SPARK.createDataFrame(List.of(rows), FACES)
                .write()
                .parquet(run.resolve("batch=0").toString());
    }

    private static Row photo(String id, Row... faces) {
        return RowFactory.create(id, "file:/photos/" + id, "ok", null, 8, 6, faces);
    }

    private static Row known(float score, float... vector) {
        Float[] boxed = new Float[vector.length];
        Arrays.setAll(boxed, i -> vector[i]);
        return face(score, 0, boxed, null);
    }

    private static Row taught(float xmin, Soft... soft) {
        return face(
                0.9f,
                xmin,
                null,
                Arrays.stream(soft)
                        .collect(Collectors.toMap(Soft::attribute, each -> HalfFloat.encode(each.probabilities()))));
    }

    private static Row face(float score, float xmin, Float @Nullable [] vector, @Nullable Map<String, byte[]> soft) {
        return RowFactory.create(score, xmin, 0f, xmin + 4, 4f, null, vector, soft);
    }

    private static Soft soft(String attribute, float... probabilities) {
        return new Soft(attribute, probabilities);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Soft(String attribute, float[] probabilities) {}
}
