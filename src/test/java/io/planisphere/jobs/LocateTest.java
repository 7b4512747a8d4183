package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import io.planisphere.spark.commit.CommitLogs;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the whole job on real files, with a network whose predictions can be calculated by hand: a red photo is in New York. */
class LocateTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private static final byte[] RED = Photos.png(Color.RED, 12, 9);
    private static final byte[] GREEN = Photos.png(Color.GREEN, 12, 9);
    private static final byte[] BLUE = Photos.png(Color.BLUE, 12, 9);

    private Path folder;
    private Path model;
    private Path output;
    private String messages = "";

    @BeforeEach
    void writeModel(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        output = folder.resolve("out");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void everyPhotoOfATarHasOneRowWithItsPlaceOrAnErrorStatus() throws IOException {
        Path tar = write(
                "a.tar",
                new Tars()
                        .with("red.png", RED)
                        .with("green.png", GREEN)
                        .with("empty.jpg", new byte[0])
                        .with("page.jpg", "<?xml version=\"1.0\"?><Error/>")
                        .with("clip.mp4", "video")
                        .with("alone.txt", "no photo"));

        assertThat(locate("--input", tar)).isZero();

        assertThat(statuses())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "red", "ok", "green", "ok", "empty", "empty", "page", "not_an_image", "alone", "missing"));
        Row red = row("red");
        assertThat(red.<String>getAs("cell")).isEqualTo("89c25");
        assertThat(red.<Double>getAs("latitude")).isEqualTo(40.7128);
        assertThat(red.<Double>getAs("longitude")).isEqualTo(-74.0060);
        assertThat(red.<Integer>getAs("width")).isEqualTo(12);
        assertThat(red.<Integer>getAs("height")).isEqualTo(9);
        // logits 4, -4, -4: the other two cells have e^-8 each
        assertThat(red.<Float>getAs("confidence")).isCloseTo((float) (1 / (1 + 2 * Math.exp(-8))), within(1e-4f));
        assertThat(red.getList(red.fieldIndex("cells"))).hasSize(3);
        Row empty = row("empty");
        assertThat(empty.isNullAt(empty.fieldIndex("latitude"))).isTrue();
        assertThat(empty.isNullAt(empty.fieldIndex("cells"))).isTrue();
        assertThat(messages).contains("5 photos, 5 rows").contains("1 videos were skipped");
    }

    @Test
    void aHierarchyMultipliesItsHeadsAtTheTemperature() throws IOException {
        TinyModels.writeDirectory(model, TinyModels.hierarchy(TinyModels.COARSE_CELLS, TinyModels.CELLS, 1.5));
        Path tar = write("a.tar", new Tars().with("red.png", RED));

        assertThat(locate("--input", tar)).isZero();

        // both heads give 4, -4, -4; at temperature 1.5 the others have e^(-8 / 1.5) each, squared by the product of
        // the two
        assertThat(row("red").<Float>getAs("confidence"))
                .isCloseTo((float) (1 / (1 + 2 * Math.exp(-16 / 1.5))), within(1e-6f));
        assertThat(row("red").<String>getAs("cell")).isEqualTo("89c25");
    }

    @Test
    void aPlaceBelowTheMinimumConfidenceIsEmptyAndItsCellsAreKept() throws IOException {
        Path tar = write("a.tar", new Tars().with("red.png", RED).with("grey.png", Photos.png(Color.GRAY, 12, 9)));

        assertThat(locate("--input", tar, "--min-confidence", "0.9")).isZero();

        Row grey = row("grey");
        assertThat(grey.<String>getAs("status")).isEqualTo("ok");
        for (String withheld : List.of("latitude", "longitude", "cell", "radius_km", "radius90_km")) {
            assertThat(grey.isNullAt(grey.fieldIndex(withheld))).isTrue();
        }
        assertThat(grey.<Float>getAs("confidence")).isCloseTo(1 / 3f, within(1e-4f));
        assertThat(grey.getList(grey.fieldIndex("cells"))).hasSize(3);
        assertThat(row("red").<String>getAs("cell")).isEqualTo("89c25");
    }

    @Test
    void noCellOrPlaceIsFinerThanTheFinestLevel() throws IOException {
        Path tar = write("a.tar", new Tars().with("red.png", RED));

        assertThat(locate("--input", tar, "--finest-level", "4")).isZero();

        Row red = row("red");
        assertThat(red.<String>getAs("cell")).isEqualTo("89d");
        // the centre of 89d by the s2sphere library
        assertThat(red.<Double>getAs("latitude")).isCloseTo(41.74704688, within(1e-6));
        assertThat(red.<Double>getAs("longitude")).isCloseTo(-76.45630867, within(1e-6));
        assertThat(red.<Row>getList(red.fieldIndex("cells")))
                .allMatch(cell -> cell.<String>getAs("token").length() <= 3);
        assertThat(new ObjectMapper()
                        .readTree(output.resolve("_run/run.json").toFile())
                        .path("settings")
                        .path("finest-level")
                        .asText())
                .isEqualTo("4");

        assertThat(locate("--input", tar)).isEqualTo(1);
        assertThat(messages)
                .contains("was begun with --finest-level 4 --top-k 5, and this command line says --top-k 5");
    }

    @Test
    void cropsNeedAMargin() throws IOException {
        Path tar = write("a.tar", new Tars().with("red.png", RED));

        assertThat(locate("--input", tar, "--crops", "5")).isEqualTo(1);
        assertThat(messages).contains("--crops 5 needs photos that are larger than the crop");
    }

    @Test
    void fiveCropsIncludeTheCorners() throws IOException {
        TinyModels.writeDirectory(
                model,
                TinyModels.listed(TinyModels.with(
                        TinyModels.locate(TinyModels.CELLS),
                        "preprocessor_config.json",
                        TinyModels.PREPROCESSOR
                                .replace("\"do_resize\": true", "\"do_resize\": false")
                                .replace("\"size\": {\"height\": 8, \"width\": 8},", "")
                                .replace(
                                        "\"do_center_crop\": false",
                                        "\"do_center_crop\": true, \"crop_size\": {\"height\": 8, \"width\": 8}"))));
        // the centre is red, and so is one corner; the other three are green
        BufferedImage photo = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
        Graphics2D paint = photo.createGraphics();
        paint.setColor(Color.GREEN);
        paint.fillRect(0, 0, 24, 24);
        paint.setColor(Color.RED);
        paint.fillRect(8, 8, 16, 16);
        paint.dispose();
        Path tar = write("a.tar", new Tars().with("p.png", Photos.png(photo)));

        assertThat(locate("--input", tar, "--crops", "5", "--batch-size", "2")).isZero();

        // two crops predict red with p = 1 / (1 + 2 e^-8), three predict green
        double sure = 1 / (1 + 2 * Math.exp(-8));
        double other = Math.exp(-8) * sure;
        assertThat(row("p").<String>getAs("cell")).isEqualTo("47e67");
        assertThat(row("p").<Float>getAs("confidence")).isCloseTo((float) (0.6 * sure + 0.4 * other), within(1e-5f));
    }

    @Test
    void theRunRecordHasTheSettingsAndCountsEveryRow() throws IOException {
        Path tar = write("a.tar", new Tars().with("red.png", RED).with("empty.jpg", new byte[0]));

        locate("--input", tar);

        JsonNode record =
                new ObjectMapper().readTree(output.resolve("_run/run.json").toFile());
        assertThat(record.path("job").asText()).isEqualTo("locate");
        assertThat(record.path("photos").asInt()).isEqualTo(2);
        assertThat(record.path("status").path("ok").asInt()).isEqualTo(1);
        assertThat(record.path("status").path("empty").asInt()).isEqualTo(1);
        assertThat(record.path("model").path("sha256").asText()).matches("[0-9a-f]{64}");
        JsonNode start = record.path("invocations").path(0);
        assertThat(start.path("state").asText()).isEqualTo("done");
        assertThat(start.path("options").toString()).contains("--input", "a.tar");
        assertThat(start.path("spark").asText()).isEqualTo(SPARK.version());
        assertThat(start.path("stageSeconds").path("infer").asDouble()).isPositive();
    }

    @Test
    void aSecondRunPredictsOnlyNewPhotos() throws IOException {
        write("a.tar", new Tars().with("red.png", RED));
        locate("--input", folder + "/*.tar");
        long first = modified("batch=0");

        write("b.tar", new Tars().with("green.png", GREEN));
        assertThat(locate("--input", folder + "/*.tar")).isZero();

        assertThat(statuses()).containsOnlyKeys("red", "green");
        assertThat(messages).contains("1 photos labelled").contains("2 photos, 2 rows");
        assertThat(modified("batch=0")).isEqualTo(first);
    }

    @Test
    void photosOfAFolderAreFetchedByReference() throws IOException {
        Files.createDirectories(folder.resolve("photos/deeper"));
        Files.write(folder.resolve("photos/red one.png"), RED);
        Files.write(folder.resolve("photos/deeper/blue#2.png"), BLUE);
        Files.write(folder.resolve("photos/cut.png"), Arrays.copyOf(GREEN, GREEN.length / 2));
        Files.writeString(folder.resolve("photos/notes.txt"), "no photo");

        assertThat(locate("--input", folder.resolve("photos"))).isZero();

        assertThat(rows().select("cell")
                        .where("status = 'ok'")
                        .as(Encoders.STRING())
                        .collectAsList())
                .containsExactlyInAnyOrder("89c25", "6018f");
        assertThat(rows().where("status = 'truncated'").count()).isEqualTo(1);
        assertThat(rows().count()).isEqualTo(3);
        assertThat(messages).contains("1 other files were skipped");
    }

    @Test
    void anotherModelIsRejectedWithBothDigests() throws IOException {
        Path tar = write("a.tar", new Tars().with("red.png", RED));
        locate("--input", tar);
        String begun = new ObjectMapper()
                .readTree(output.resolve("_run/run.json").toFile())
                .path("model")
                .path("sha256")
                .asText();
        model = TinyModels.writeDirectory(folder.resolve("other"), TinyModels.locate(TinyModels.CELLS.subList(0, 2)));

        assertThat(locate("--input", tar)).isEqualTo(1);

        assertThat(messages).contains("was begun with model " + begun).contains("give that model, or another --output");
        assertThat(messages).doesNotContain("\tat ");
        assertThat(rows().count()).isEqualTo(1);
    }

    @Test
    void afterARunWithoutPhotosAnyModelIsAccepted() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(locate("--input", empty)).isEqualTo(1);
        Path tar = write("a.tar", new Tars().with("red.png", RED));
        model = TinyModels.writeDirectory(folder.resolve("other"), TinyModels.locate(TinyModels.CELLS.subList(0, 2)));

        assertThat(locate("--input", tar)).as(messages).isZero();

        assertThat(rows().count()).isEqualTo(1);
    }

    @Test
    void aMissingPhotoIsRetriedInItsBatchAndKeepsOneRow() throws IOException {
        Files.write(folder.resolve("red.png"), RED);
        Path manifest = folder.resolve("manifest.csv");
        Files.writeString(manifest, "id,uri\nr,red.png\ng,green.png\n");
        locate("--input", manifest);
        assertThat(statuses()).isEqualTo(Map.of("r", "ok", "g", "missing"));

        Files.write(folder.resolve("green.png"), GREEN);
        assertThat(locate("--input", manifest, "--retry", "missing")).isZero();

        assertThat(statuses()).isEqualTo(Map.of("r", "ok", "g", "ok"));
        assertThat(rows().count()).isEqualTo(2);
        assertThat(output.resolve("batch=0")).isDirectoryContaining("glob:**.parquet");
        assertThat(SPARK.read().parquet(output.toString()).count()).isEqualTo(2);
    }

    @Test
    void anOutputOfAnEarlierVersionIsRejectedUnchanged() throws IOException {
        Path tar = write("a.tar", new Tars().with("red.png", RED));
        Files.createDirectories(output.resolve("_run/batches"));
        Files.writeString(output.resolve("_run/run.json"), "{\"job\": \"locate\"}");

        assertThat(locate("--input", tar)).isEqualTo(1);

        assertThat(messages)
                .contains("was begun by an earlier version of Planisphere")
                .contains("Give another --output");
        assertThat(output.resolve("_run/log")).doesNotExist();
    }

    @Test
    void aRetryAlsoCompletesTheBatchesOfAKilledRun() throws IOException {
        Path tar = write("a.tar", new Tars().with("red.png", RED).with("empty.jpg", new byte[0]));
        Path other = write("b.tar", new Tars().with("green.png", GREEN));
        locate("--input", tar, "--input", other, "--shards-per-batch", "1");
        // the state that a run leaves when it is killed before its last commit
        try (Stream<Path> records = Files.list(output.resolve("_run/log"))) {
            Files.delete(records.max(Comparator.naturalOrder()).orElseThrow());
        }
        assertThat(CommitLogs.of(output).interrupted()).hasSize(1);

        assertThat(locate("--input", tar, "--input", other, "--retry", "empty"))
                .as(messages)
                .isZero();

        assertThat(statuses()).isEqualTo(Map.of("red", "ok", "empty", "empty", "green", "ok"));
    }

    @Test
    void aTruncatedShardIsRetriedCompletely() throws IOException {
        byte[] whole = new Tars()
                .with("red.png", RED)
                .with("green.png", GREEN)
                .with("blue.png", BLUE)
                .bytes();
        Path tar = folder.resolve("a.tar");
        Files.write(tar, Arrays.copyOf(whole, whole.length / 2));
        locate("--input", tar);
        assertThat(rows().where("status = 'truncated'").count()).isPositive();

        Files.write(tar, whole);
        assertThat(locate("--input", tar, "--retry", "truncated")).isZero();

        assertThat(statuses()).isEqualTo(Map.of("red", "ok", "green", "ok", "blue", "ok"));
        assertThat(rows().count()).isEqualTo(3);
        assertThat(locate("--input", tar)).as("the accounts still add up").isZero();
    }

    @Test
    void exceedingTheErrorRateGivesExitCode2AndAllRows() throws IOException {
        Path tar = write("a.tar", new Tars().with("red.png", RED).with("empty.jpg", new byte[0]));

        assertThat(locate("--input", tar, "--max-error-rate", "0.4")).isEqualTo(2);

        assertThat(rows().count()).isEqualTo(2);
    }

    @Test
    void allMistakesOfACommandLineAreReportedWithoutAStackTrace() {
        assertThat(locate("--input", "x.tar", "--top-k", "0", "--retry", "broken", "--max-error-rate", "7"))
                .isEqualTo(1);

        assertThat(messages)
                .contains("--top-k must be at least 1, got 0")
                .contains("--retry knows no status 'broken'")
                .contains("--max-error-rate must be from 0 to 1, got 7")
                .doesNotContain("\tat ");
    }

    @Test
    void anUnknownOptionIsNamedAndGivesExitCode1() {
        assertThat(locate("--inputt", "x.tar")).isEqualTo(1);

        assertThat(messages).contains("Missing required option: '--input=URI'").contains("Unknown: --inputt x.tar");
    }

    @Test
    void eightConcurrentTasksOpenOneSession() throws IOException {
        for (int i = 0; i < 8; i++) {
            Tars tar = new Tars();
            for (int photo = 0; photo < 50; photo++) {
                tar.with(i + "-" + photo + ".png", RED);
            }
            write("many" + i + ".tar", tar);
        }
        Session.closeShared();
        int before = Session.openings();

        assertThat(locate("--input", folder + "/many*.tar")).isZero();

        assertThat(Session.openings() - before).isEqualTo(1);
        assertThat(rows().where("status = 'ok'").count()).isEqualTo(400);
    }

    private Path write(String name, Tars tar) throws IOException {
        return Files.write(folder.resolve(name), tar.bytes());
    }

    private int locate(Object... options) {
        List<String> line =
                new ArrayList<>(List.of("locate", "--model", model.toString(), "--output", output.toString()));
        Arrays.stream(options).map(Object::toString).forEach(line::add);
        JobRun run = JobRun.of(line.toArray());
        messages = run.output();
        return run.exit();
    }

    private Dataset<Row> rows() {
        return SPARK.read().parquet(output.toString());
    }

    private Row row(String id) {
        return rows().where("id = '" + id + "'").head();
    }

    private Map<String, String> statuses() {
        Map<String, String> statuses = new TreeMap<>();
        rows().select("id", "status").collectAsList().forEach(row -> statuses.put(row.getString(0), row.getString(1)));
        return statuses;
    }

    private long modified(String batch) throws IOException {
        return Files.getLastModifiedTime(output.resolve(batch)).toMillis();
    }
}
