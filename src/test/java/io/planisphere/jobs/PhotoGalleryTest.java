package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Galleries, with the jobs that a user runs. Two cells hold eight places each, some 90 km apart; every place has a colour of its
 * own, and the backbone returns the mean colour: what cells cannot tell, neighbours know.
 */
class PhotoGalleryTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String CELLS = """
            class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean
            0,47c,400,48.3,4
            1,89c,400,40.3,-74
            """;
    private static final int PLACES = 16;
    private static final int TRAINING = 960;
    private static final int PHOTOS = 160;

    private static Path folder;
    private static Path backbone;
    private static Path embedded;
    private static Path cells;
    private static Path tar;
    private static Path truth;
    private static Path model;

    private static String trained = "";
    private static String messages = "";

    @BeforeAll
    static void train(@TempDir Path temporary) throws IOException {
        folder = temporary;
        backbone = TinyModels.writeDirectory(folder.resolve("backbone"), TinyModels.locate(TinyModels.CELLS));
        cells = Files.writeString(folder.resolve("cells.csv"), CELLS);
        Path training = photos("training", TRAINING, 1);
        embedded = folder.resolve("embedded");
        run("embed", "--model", backbone, "--input", training, "--output", embedded);
        places("training", TRAINING, place -> place);
        truth = places("photos", PHOTOS, place -> place);
        tar = photos("photos", PHOTOS, 2);
        model = folder.resolve("model");
        train(model, "training", "--gallery", "--gallery-names");
        trained = messages;
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void neighboursFindPlacesWithinCells() throws IOException {
        assertThat(trained).contains("Gallery: ").contains("by the cells alone").contains("Radii of photos");
        JsonNode with = evaluated(located("with"));
        JsonNode without = evaluated(located("without", "--no-gallery"));

        assertThat(with.get("median_km").asDouble()).isLessThan(2);
        assertThat(without.get("median_km").asDouble()).isGreaterThan(50);
        Row row = SPARK.read()
                .parquet(located("named").toString())
                .where("id = 'photos17'")
                .first();
        // photo 17 shows place 1, as every 16th training photo does
        String nearest = row.getAs("gallery_photo");
        assertThat(nearest).matches("training\\d+");
        assertThat(Integer.parseInt(nearest.replaceAll("\\D", "")) % PLACES).isEqualTo(1);
        assertThat(row.<Float>getAs("gallery_similarity")).isBetween(0.5f, 1.001f);
    }

    @Test
    void photosOfThisGalleryAreReportedAsNearDuplicates() throws IOException {
        Path rows = folder.resolve("own-rows");
        run("locate", "--model", model, "--input", folder.resolve("training.tar"), "--output", rows);

        JsonNode metrics = evaluated(rows, folder.resolve("training.csv"));

        assertThat(metrics.get("gallery_near_duplicates").asInt()).isGreaterThan(TRAINING / 2);
        assertThat(messages).contains("photos have a near-duplicate in the model's gallery");
    }

    @Test
    void photosOnTheOptOutListAreNotCompared() throws IOException {
        Row before = row(located("listed"), "photos3");
        String nearest = before.getAs("gallery_photo");
        Path list = Files.writeString(folder.resolve("opt-out.txt"), nearest + "\n");

        Row after = row(located("unlisted", "--opt-out", list.toString()), "photos3");

        assertThat(after.<String>getAs("gallery_photo")).isNotNull().isNotEqualTo(nearest);
    }

    @Test
    void neighboursThatMisleadAreNotStored() throws IOException {
        // the place within a cell has nothing to do with the colour
        Random random = new Random(6);
        places("training", "shuffled", TRAINING, place -> place / 8 * 8 + random.nextInt(8));
        Path misled = folder.resolve("misled");

        train(misled, "shuffled", "--gallery");

        assertThat(messages).contains("Gallery: not stored; on held-out users it is not better");
        assertThat(misled.resolve("gallery.bin")).doesNotExist();
        assertThat(folder.resolve("misled._gallery")).doesNotExist();
    }

    @Test
    void aQuantisedPackageKeepsTheGallery() throws IOException {
        Path quantised = folder.resolve("quantised");

        run("quantize", "--model", model, "--half", "--output", quantised);

        assertThat(quantised.resolve("gallery.bin")).hasSameBinaryContentAs(model.resolve("gallery.bin"));
        Path rows = folder.resolve("quantised-rows");
        run("locate", "--model", quantised, "--input", tar, "--output", rows);
        assertThat(evaluated(rows).get("median_km").asDouble()).isLessThan(2);
    }

    @Test
    void galleriesThatDoNotFitAreRefused() throws IOException {
        refused(
                "gallery.bin holds embeddings of package " + digestOfBackbone()
                        + " but manifest.json, gallery.backbone, is " + "00".repeat(32)
                        + "; use the gallery that was made with this network",
                manifest -> ((ObjectNode) manifest.path("gallery")).put("backbone", "00".repeat(32)));
        refused(
                "gallery.bin needs the key gallery in manifest.json; take the file out, or train again",
                manifest -> manifest.remove("gallery"));
        refused(
                "manifest.json: gallery.neighbours (65) must be 1 to 64",
                manifest -> ((ObjectNode) manifest.path("gallery")).put("neighbours", 65));
        refused(
                "manifest.json lists gallery.bin, which is missing; add it to the package",
                manifest -> Files.delete(folder.resolve("refused/gallery.bin")));
        refused(
                "gallery.bin has SHA-256",
                manifest -> Files.write(folder.resolve("refused/gallery.bin"), new byte[1000]));
        refused("gallery.bin is no gallery; make one with train --gallery", manifest -> {
            byte[] other = new byte[1000];
            Files.write(folder.resolve("refused/gallery.bin"), other);
            ((ObjectNode) manifest.path("files")).put("gallery.bin", sha256(other));
        });
        assertThat(exit(
                        "train",
                        "--embeddings",
                        embedded,
                        "--output",
                        folder.resolve("none"),
                        "--cells",
                        cells,
                        "--places",
                        folder.resolve("training.csv"),
                        "--gallery",
                        "--validation",
                        0))
                .isEqualTo(1);
        assertThat(messages)
                .contains("--gallery needs held-out users, on whom its use is fitted; give --validation above 0");
    }

    private interface Change {
        void to(ObjectNode manifest) throws IOException;
    }

    private static void refused(String message, Change change) throws IOException {
        Path copy = folder.resolve("refused");
        Files.createDirectories(copy);
        try (var files = Files.list(model)) {
            for (Path file : files.toList()) {
                Files.write(copy.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        Path file = copy.resolve("manifest.json");
        ObjectNode manifest = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        change.to(manifest);
        Files.writeString(file, manifest.toPrettyString());
        assertThat(exit("locate", "--model", copy, "--input", tar, "--output", folder.resolve("refused-rows")))
                .isEqualTo(1);
        assertThat(messages).contains(message);
    }

    private static String digestOfBackbone() throws IOException {
        return new ObjectMapper()
                .readTree(model.resolve("manifest.json").toFile())
                .path("training")
                .path("backbone")
                .path("sha256")
                .asText();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static void train(Path output, String table, Object... more) {
        List<Object> line = new ArrayList<>(List.of(
                "train",
                "--embeddings",
                embedded,
                "--cells",
                cells,
                "--places",
                folder.resolve(table + ".csv"),
                "--validation",
                0.3,
                "--output",
                output));
        line.addAll(Arrays.asList(more));
        run(line.toArray());
    }

    private static Path located(String name, String... more) {
        Path rows = folder.resolve("rows-" + name);
        List<Object> line = new ArrayList<>(List.of("locate", "--model", model, "--input", tar, "--output", rows));
        line.addAll(Arrays.asList(more));
        run(line.toArray());
        return rows;
    }

    private static Row row(Path rows, String id) {
        return SPARK.read().parquet(rows.toString()).where("id = '" + id + "'").first();
    }

    private static JsonNode evaluated(Path rows) throws IOException {
        return evaluated(rows, truth);
    }

    private static JsonNode evaluated(Path rows, Path places) throws IOException {
        Path scores = folder.resolve(rows.getFileName() + "-scores");
        run("evaluate", "--predictions", rows, "--truth", places, "--output", scores);
        return new ObjectMapper().readTree(scores.resolve("metrics.json").toFile());
    }

    /** Writes photos of the places in turn, each in the place's colour and somewhat off it. */
    private static Path photos(String name, int count, long seed) throws IOException {
        Random random = new Random(seed);
        Tars photos = new Tars();
        for (int i = 0; i < count; i++) {
            int place = i % PLACES;
            int[] colour = {place / 8 * 150 + 40, 40 + place % 4 * 50, 60 + place / 4 % 2 * 120};
            for (int c = 0; c < 3; c++) {
                colour[c] += random.nextInt(17) - 8;
            }
            photos.with(name + i + ".png", Photos.png(new Color(colour[0], colour[1], colour[2]), 9, 8));
        }
        return Files.write(folder.resolve(name + ".tar"), photos.bytes());
    }

    private static Path places(String name, int count, IntUnaryOperator placeShown) throws IOException {
        return places(name, name, count, placeShown);
    }

    /** Writes a table that puts photos into the cells' places: along a meridian, 0.8 degrees apart. */
    private static Path places(String photo, String table, int count, IntUnaryOperator placeShown) throws IOException {
        StringBuilder lines = new StringBuilder("id,latitude,longitude,user\n");
        for (int i = 0; i < count; i++) {
            int place = placeShown.applyAsInt(i % PLACES);
            lines.append(String.format(
                    Locale.ROOT,
                    "%s%d,%s,%s,%suser%d\n",
                    photo,
                    i,
                    (place < 8 ? 45.5 : 37.5) + place % 8 * 0.8,
                    place < 8 ? 4 : -74,
                    photo,
                    i / 4));
        }
        return Files.writeString(folder.resolve(table + ".csv"), lines);
    }

    private static void run(Object... line) {
        assertThat(exit(line)).as(messages).isZero();
    }

    private static int exit(Object... line) {
        JobRun run = JobRun.of(Arrays.stream(line).map(String::valueOf).toArray());
        messages = run.output();
        return run.exit();
    }
}
