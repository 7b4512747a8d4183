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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateTasksTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String PHOTO = "id string, uri string, status string, detail string, width int, height int, ";
    private static final StructType LABELS = StructType.fromDDL(
            PHOTO + "labels array<struct<index int, label string, score float>>, soft_labels binary");

    private static final StructType OBJECTS = StructType.fromDDL(PHOTO
            + "objects array<struct<label string, score float, xmin float, ymin float, xmax float, ymax float>>,"
            + " unused string");
    private static final StructType FACES = StructType.fromDDL(PHOTO
            + "faces array<struct<score float, xmin float, ymin float, xmax float, ymax float,"
            + " attributes map<string, float>, embedding array<float>>>, unused string");
    private static final StructType EMBEDDED = StructType.fromDDL(PHOTO + "embedding array<float>, half binary");

    private final StringWriter printed = new StringWriter();
    private Path folder;
    private Path rows;

    @BeforeEach
    void startIn(@TempDir Path temporary) {
        folder = temporary;
        rows = folder.resolve("rows");
    }

    @Test
    void labelsAreScoredByRankAndPhotosWithoutPredictionsAreWrong() throws IOException {
        write(
                rows,
                LABELS,
                labelled("a", "cat", "dog"),
                labelled("b", "dog", "cat"),
                labelled("c", "fox", "cow", "hen", "ape", "dog", "cat"),
                photo("d", "truncated", null, null),
                labelled("e", "cat"));
        truth("file,species,season", "x/a.jpg,cat,summer", "b.jpg,cat,summer", "c.jpg,cat,winter", "d,dog,", "z,cow,");

        JsonNode metrics = evaluate("labels", "--label-column", "species", "--by", "season,status");

        assertThat(metrics.get("task").asText()).isEqualTo("labels");
        assertThat(metrics.get("n").asInt()).isEqualTo(4);
        assertThat(metrics.get("without_prediction").asInt()).isEqualTo(1);
        assertThat(metrics.get("photos_without_truth").asInt()).isEqualTo(1);
        assertThat(metrics.get("truth_without_photo").asInt()).isEqualTo(1);
        assertThat(metrics.get("labels_per_photo").asInt()).isEqualTo(6);
        assertThat(metrics.get("top_1").asDouble()).isEqualTo(0.25);
        assertThat(metrics.get("top_5").asDouble()).isEqualTo(0.5);
        assertThat(metrics.get("top_1_95").get(0).asDouble()).isBetween(0.0, 0.25);
        assertThat(metrics.get("by").get("label").findValuesAsText("name")).containsExactly("cat", "dog");
        assertThat(metrics.get("by").get("season").findValuesAsText("name"))
                .containsExactly("summer", "(none)", "winter");
        assertThat(metrics.get("by").get("season").get(0).get("top_1").asDouble())
                .isEqualTo(0.5);
        assertThat(metrics.get("by").get("status").findValuesAsText("name")).containsExactly("ok", "truncated");
        assertThat(folder.resolve("scores/by_label.csv"))
                .content()
                .startsWith("label,n,top_1,top_1_low,top_1_high,top_5,top_5_low,top_5_high\ncat,3,0.333");
        assertThat(printed.toString())
                .contains("1 photos without a prediction, which are wrong")
                .containsPattern("all +4 +25.0 % +50.0 %")
                .contains("By season, the first 3 of 3");
    }

    @Test
    void unmatchedAndInvalidLabelsAreRejected() throws IOException {
        write(rows, LABELS, labelled("a", "cat"));
        truth("id,label", "b,cat");
        assertThatThrownBy(() -> evaluate("labels"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("1 photos and 1 true labels do not meet")
                .hasMessageContaining("--match");
        assertThatThrownBy(() -> evaluate("labels", "--label-column", "species"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no column species among id, label; name it with --label-column");
        truth("id,label", "a,cat");
        assertThatThrownBy(() -> evaluate("labels", "--by", "weather"))
                .hasMessageContaining("Cannot break down by weather");
        assertThatThrownBy(() -> evaluate("labels", "--cells", "builtin:earth"))
                .hasMessageContaining("go with --task place only");
        truth("id,label", "a,cat", "a,dog");
        assertThatThrownBy(() -> evaluate("labels")).hasMessageContaining("truth name a photo more than once by id: a");
        rows = folder.resolve("other");
        SPARK.range(3).write().parquet(rows.toString());
        assertThatThrownBy(() -> evaluate("labels"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("its columns are id, but rows of classify have id, uri, status, labels");
    }

    @Test
    void aStudentIsComparedWithItsTeacher() throws IOException {
        write(
                rows,
                LABELS,
                soft("a", 0.5f, 0.5f),
                soft("b", 0.25f, 0.75f),
                soft("mine", 1, 0),
                photo("broken", "truncated", null, null));
        Path teacher = folder.resolve("teacher");
        write(teacher, LABELS, soft("a", 1, 0), soft("b", 0.25f, 0.75f), soft("broken", 1, 0));

        JsonNode metrics = evaluate("distillation", "--truth", teacher.toString());

        double entropy = 0.25 * Math.log(4) + 0.75 * Math.log(4 / 3.0);
        assertThat(metrics.get("n").asInt()).isEqualTo(2);
        assertThat(metrics.get("photos_only_student").asInt()).isEqualTo(1);
        assertThat(metrics.get("photos_only_teacher").asInt()).isEqualTo(1);
        assertThat(metrics.get("cross_entropy").asDouble()).isCloseTo((Math.log(2) + entropy) / 2, within(1e-12));
        assertThat(metrics.get("kl_divergence").asDouble()).isCloseTo(Math.log(2) / 2, within(1e-12));
        assertThat(metrics.get("agreement").asDouble()).isEqualTo(1);
        assertThat(printed.toString()).contains("KL divergence");
    }

    /** The distribution of a network with one sigmoid per label; expected values calculated by hand. */
    @Test
    void independentLabelsAreComparedOneByOne() throws IOException {
        write(rows, LABELS, soft("a", 0.5f, 0.75f));
        Path teacher = folder.resolve("teacher");
        write(teacher, LABELS, soft("a", 1, 0.5f));

        JsonNode metrics = evaluate("distillation", "--truth", teacher.toString());

        double expected = Math.log(2) - 0.5 * Math.log(0.75) - 0.5 * Math.log(0.25);
        assertThat(metrics.get("cross_entropy").asDouble()).isCloseTo(expected, within(1e-12));
        assertThat(metrics.get("kl_divergence").asDouble()).isCloseTo(expected - Math.log(2), within(1e-12));
        assertThat(metrics.get("agreement").asDouble()).isEqualTo(1);
    }

    @Test
    void studentsWithOtherClassesAndRowsWithoutSoftLabelsAreRejected() throws IOException {
        write(rows, LABELS, soft("a", 0.5f, 0.5f));
        Path teacher = folder.resolve("teacher");
        write(teacher, LABELS, soft("a", 1, 0, 0));
        assertThatThrownBy(() -> evaluate("distillation", "--truth", teacher.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("photo a: The teacher has 3 classes, the student 2");

        Path strangers = folder.resolve("strangers");
        write(strangers, LABELS, soft("b", 1, 0));
        assertThatThrownBy(() -> evaluate("distillation", "--truth", strangers.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("1 photos and 1 photos of the teacher do not meet");

        Path hard = folder.resolve("hard");
        SPARK.read().parquet(rows.toString()).drop("soft_labels").write().parquet(hard.toString());
        assertThatThrownBy(() -> evaluate("distillation", "--truth", hard.toString()))
                .hasMessageContaining("rows of classify --soft-labels have id, uri, status, soft_labels");
    }

    @Test
    void objectsAreScoredByOverlap() throws IOException {
        write(
                rows,
                OBJECTS,
                detected("a", object("cat", 0.9f, 0, 0, 10, 10), object("dog", 0.8f, 20, 20, 30, 30)),
                detected("b", object("cat", 0.7f, 0, 0, 10, 6), object("cow", 0.5f, 9, 9, 0, 0)),
                detected("nothing there", object("cat", 0.95f, 0, 0, 4, 4)),
                photo("broken", "truncated", null, null),
                detected("unknown"));
        truth(
                "id,label,xmin,ymin,xmax,ymax",
                "a,cat,0,0,10,10",
                "a,dog,20,20,30,30",
                "b,cat,0,0,10,10",
                "nothing there,,,,,",
                "broken,dog,1,1,5,5",
                "elsewhere,cat,0,0,1,1");

        JsonNode metrics = evaluate("objects");

        assertThat(metrics.get("n").asInt()).isEqualTo(4);
        assertThat(metrics.get("without_prediction").asInt()).isEqualTo(1);
        assertThat(metrics.get("photos_without_truth").asInt()).isEqualTo(1);
        assertThat(metrics.get("truth_without_photo").asInt()).isEqualTo(1);
        assertThat(metrics.get("labels_without_truth").asInt()).isEqualTo(1);
        // cats: a miss, a hit, and a hit with overlap 0.6, so precision 2/3 at all recalls; dogs: half of them at
        // once
        double cats = 2 / 3.0;
        double dogs = 51 / 101.0;
        assertThat(metrics.get("map_50").asDouble()).isCloseTo((cats + dogs) / 2, within(1e-12));
        assertThat(metrics.get("map_75").asDouble()).isCloseTo((0.5 * 51 / 101 + dogs) / 2, within(1e-12));
        assertThat(metrics.get("by").get("label").findValuesAsText("name")).containsExactly("cat", "dog");
        assertThat(folder.resolve("scores/by_label.csv")).content().contains("\ndog,2,");
    }

    @Test
    void invalidBoxesAreRejected() throws IOException {
        write(rows, OBJECTS, detected("a"));
        truth("id,label,xmin,ymin,xmax", "a,cat,0,0,10");
        assertThatThrownBy(() -> evaluate("objects"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it has no column ymax; it needs xmin, ymin, xmax, ymax, in pixels");
        truth("id,label,xmin,ymin,xmax,ymax", "a,cat,5,5,1,1");
        assertThatThrownBy(() -> evaluate("objects")).hasMessageContaining("The cat of photo a");
        truth("id,label,xmin,ymin,xmax,ymax", "b,cat,1,1,5,5");
        assertThatThrownBy(() -> evaluate("objects")).hasMessageContaining("do not meet");
        assertThatThrownBy(() -> evaluate("objects", "--by", "label"))
                .hasMessageContaining("--by goes with --task place, labels and attributes only");
    }

    @Test
    void attributesAreTakenFromTheHighestScoringFace() throws IOException {
        write(
                rows,
                FACES,
                photo("a", "ok", new Row[] {face(0.3f, 0.1f), face(0.9f, 0.8f)}, null),
                photo("b", "ok", new Row[] {face(0.9f, 0.6f)}, null),
                photo("c", "ok", new Row[] {face(0.9f, 0.7f)}, null),
                photo("nobody", "ok", new Row[0], null),
                photo("unknown", "ok", new Row[0], null));
        truth("id,smiling,Bald,hat", "a,1,-1,1", "b,yes,-1,1", "c,-1,-1,1", "nobody,,-1,1", "z,1,1,1");

        JsonNode metrics = evaluate("attributes");

        assertThat(metrics.get("n").asInt()).isEqualTo(4);
        assertThat(metrics.get("without_prediction").asInt()).isEqualTo(1);
        assertThat(metrics.get("photos_without_truth").asInt()).isEqualTo(1);
        assertThat(metrics.get("truth_without_photo").asInt()).isEqualTo(1);
        assertThat(metrics.get("attributes_without_positives").asInt()).isEqualTo(1);
        assertThat(metrics.get("map").asDouble()).isCloseTo(0.5 + 0.5 * 2 / 3, within(1e-12));
        JsonNode smiling = metrics.get("by").get("attribute").get(0);
        assertThat(smiling.get("name").asText()).isEqualTo("Smiling");
        assertThat(smiling.get("n").asInt()).isEqualTo(3);
        assertThat(smiling.get("accuracy").asDouble()).isCloseTo(2 / 3.0, within(1e-12));

        truth("id,smiling,light", "a,1,day", "b,-1,day", "c,1,", "nobody,,night");
        JsonNode byLight = evaluate("attributes", "--by", "light").get("by").get("light");
        assertThat(byLight.findValuesAsText("name")).containsExactly("day", "(none)", "night");
        assertThat(byLight.get(0).get("n").asInt()).isEqualTo(2);
        assertThat(byLight.get(0).get("map").asDouble()).isEqualTo(1); // 0.8 for yes, 0.6 for no
        assertThat(byLight.get(0).get("mean_accuracy").asDouble()).isEqualTo(0.5);
        assertThat(byLight.get(2).get("map").isNull()).isTrue();
        assertThatThrownBy(() -> evaluate("attributes", "--by", "colour"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Cannot break down by colour: the truth has no such column");

        truth("id,hat", "a,1");
        assertThatThrownBy(() -> evaluate("attributes"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("they are called Bald, Smiling");
    }

    @Test
    void pairsAreScoredByTheCosineOfTheirEmbeddings() throws IOException {
        write(
                rows,
                EMBEDDED,
                embedded("a", 1, 0),
                embedded("b", 2, 0.1f),
                embedded("c", 0, 3),
                embedded("d", 1, 1),
                photo("broken", "truncated", null, null));
        truth("first,second,same", "a,b,1", "a,c,0", "b,c,false", "c,d,true", "a,broken,yes", "a,z,1");

        JsonNode metrics = evaluate("verification");

        assertThat(metrics.get("n").asInt()).isEqualTo(5);
        assertThat(metrics.get("same").asInt()).isEqualTo(3);
        assertThat(metrics.get("different").asInt()).isEqualTo(2);
        assertThat(metrics.get("without_prediction").asInt()).isEqualTo(1);
        assertThat(metrics.get("truth_without_photo").asInt()).isEqualTo(1);
        assertThat(metrics.get("auc").asDouble()).isCloseTo(2 / 3.0, within(1e-12));
        JsonNode far = metrics.get("by").get("far");
        assertThat(far.findValuesAsText("name")).containsExactly("0.1", "0.01", "0.001");
        assertThat(far.get(0).get("val").asDouble()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(far.get(0).get("threshold").asDouble()).isCloseTo(Math.sqrt(0.5), within(1e-6));
    }

    @Test
    void invalidPairsAreRejectedAndHalfPrecisionIsRead() throws IOException {
        write(rows, EMBEDDED, embedded("a", 1, 0), embedded("b", 1, 0), embedded("long", 1, 0, 0));
        truth("first,second", "a,b");
        assertThatThrownBy(() -> evaluate("verification"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("it has no column same; it needs first, second, same");
        truth("first,second,same", "a,b,perhaps");
        assertThatThrownBy(() -> evaluate("verification")).hasMessageContaining("same is perhaps");
        truth("first,second,same", "a,b,1");
        assertThatThrownBy(() -> evaluate("verification")).hasMessageContaining("there are 1 and 0");
        truth("first,second,same", "a,long,1");
        assertThatThrownBy(() -> evaluate("verification")).hasMessageContaining("they have 2 and 3 numbers");
        truth("first,second,same", "x,y,1");
        assertThatThrownBy(() -> evaluate("verification")).hasMessageContaining("No pair of");

        Path halves = folder.resolve("halves");
        SPARK.read()
                .parquet(rows.toString())
                .selectExpr("id", "uri", "status", "half as embedding")
                .write()
                .parquet(halves.toString());
        rows = halves;
        truth("first,second,same", "a,b,1", "a,b,0");
        assertThat(evaluate("verification").get("auc").asDouble()).isEqualTo(0.5);
    }

    @Test
    void columnsOfAnotherTypeAreRejectedInOneMessage() throws IOException {
        truth("id,label,first,second,same,Smiling,xmin,ymin,xmax,ymax", "a,cat,a,b,1,1,0,0,1,1");
        wrong("labels", "'cat' as labels");
        assertThatThrownBy(() -> evaluate("labels"))
                .isInstanceOf(UserError.class)
                .hasMessage("Cannot score " + rows + ": its column labels is string, but in rows of classify it is"
                        + " array<struct<label:string>>; give the --output of a classify run");
        wrong("objects", "array('cat') as objects");
        assertThatThrownBy(() -> evaluate("objects"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("its column objects is array<string>, but in rows of detect it is array<struct<");
        wrong("faces", "array(named_struct('score', 'high', 'attributes', map('Smiling', 1f))) as faces");
        assertThatThrownBy(() -> evaluate("attributes"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("its column faces is array<struct<score:string,");
        wrong("vectors", "1.5 as embedding");
        assertThatThrownBy(() -> evaluate("verification"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("its column embedding is decimal(2,1), but in rows of embed it is array<float>");
        wrong("soft", "array(0.5f) as soft_labels");
        assertThatThrownBy(() -> evaluate("distillation"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(
                        "its column soft_labels is array<float>, but in rows of classify --soft-labels it is");
        wrong("places", "'north' as latitude, 1.0 as longitude");
        truth("id,latitude,longitude", "a,1,1");
        assertThatThrownBy(() -> evaluate("place"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("its column latitude is string, but in rows of locate it is double");
        wrong("confidence", "2.0 as latitude, 1.0 as longitude, 'much' as confidence");
        assertThatThrownBy(() -> evaluate("place")).hasMessageContaining("its column confidence is string");
        wrong("status", "2.0 as latitude, 1.0 as longitude", "true as status");
        assertThatThrownBy(() -> evaluate("place")).hasMessageContaining("its column status is boolean");
    }

    /** Columns of doubles are accepted instead of floats. */
    @Test
    void doublesAreReadLikeFloats() throws IOException {
        wrong("doubles", "array(1d, 0d) as embedding");
        truth("first,second,same", "a,a,1", "a,a,0");
        assertThat(evaluate("verification").get("auc").asDouble()).isEqualTo(0.5);
        wrong("floats", "2f as latitude, 1f as longitude");
        truth("id,latitude,longitude", "a,2,1");
        assertThat(evaluate("place").get("median_km").asDouble()).isZero();
    }

    private void wrong(String name, String columns) {
        wrong(name, columns, "'ok' as status");
    }

    private void wrong(String name, String columns, String status) {
        rows = folder.resolve(name);
        SPARK.sql("select 'a' as id, 'file:/a' as uri, " + status + ", " + columns)
                .write()
                .parquet(rows.resolve("batch=0").toString());
    }

    private JsonNode evaluate(String task, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--task",
                task,
                "--predictions",
                rows.toString(),
                "--output",
                folder.resolve("scores").toString()));
        if (!List.of(more).contains("--truth")) {
            arguments.addAll(List.of("--truth", folder.resolve("truth.csv").toString()));
        }
        arguments.addAll(List.of(more));
        Evaluate evaluate = new Evaluate();
        new CommandLine(evaluate)
                .setOut(new PrintWriter(printed))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .parseArgs(arguments.toArray(String[]::new));

        assertThat(evaluate.call()).isZero();

        return new ObjectMapper().readTree(folder.resolve("scores/metrics.json").toFile());
    }

    private void truth(String header, String... lines) throws IOException {
        Files.writeString(folder.resolve("truth.csv"), header + "\n" + String.join("\n", lines) + "\n");
    }

    private static void write(Path run, StructType schema, Row... rows) {
        SPARK.createDataFrame(List.of(rows), schema)
                .write()
                .parquet(run.resolve("batch=0").toString());
    }

    private static Row labelled(String id, String... best) {
        Row[] labels = IntStream.range(0, best.length)
                .mapToObj(i -> RowFactory.create(i, best[i], 1f / (i + 2)))
                .toArray(Row[]::new);
        return photo(id, "ok", labels, null);
    }

    private static Row detected(String id, Row... objects) {
        return photo(id, "ok", objects, null);
    }

    private static Row object(String label, float score, float xmin, float ymin, float xmax, float ymax) {
        return RowFactory.create(label, score, xmin, ymin, xmax, ymax);
    }

    private static Row face(float score, float smiling) {
        return RowFactory.create(score, 0f, 0f, 4f, 4f, Map.of("Smiling", smiling, "Bald", 0.2f), null);
    }

    private static Row embedded(String id, float... vector) {
        Float[] boxed = new Float[vector.length];
        Arrays.setAll(boxed, i -> vector[i]);
        return photo(id, "ok", boxed, HalfFloat.encode(vector));
    }

    private static Row soft(String id, float... probabilities) {
        return photo(id, "ok", new Row[0], HalfFloat.encode(probabilities));
    }

    private static Row photo(String id, String status, @Nullable Object prediction, @Nullable Object another) {
        return RowFactory.create(id, "file:/photos/" + id, status, null, 8, 6, prediction, another);
    }
}
