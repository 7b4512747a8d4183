package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyDetectors;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the whole job on real files, with a network that returns the same boxes for every photo and scores them by its mean
 * colour.
 */
class DetectTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private static final double[] MIDDLE = {0.25, 0.25, 0.75, 0.75};
    private static final double[] OVER_THE_EDGE = {-0.2, 0.5, 0.3, 1.5};
    private static final double[] NEARLY_MIDDLE = {0.26, 0.26, 0.76, 0.76};

    /** The scores of a red photo's boxes: sigmoid(4), sigmoid(4 / 2) and sigmoid(4 / 3). */
    private static final float[] SCORES = {0.982014f, 0.880797f, 0.791391f};

    private Path folder;
    private Path model;
    private Path output;

    @BeforeEach
    void writeModel(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TinyModels.writeDirectory(
                folder.resolve("model"), TinyDetectors.corners(MIDDLE, OVER_THE_EDGE, NEARLY_MIDDLE));
        output = folder.resolve("out");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void everyPhotoHasItsObjectsOrAnErrorStatus() throws IOException {
        Tars photos = new Tars()
                .with("red.png", Photos.png(Color.RED, 12, 8))
                .with("black.png", Photos.png(Color.BLACK, 12, 8))
                .with("pixel.png", Photos.png(Color.GREEN, 1, 1))
                .with("upright.jpg", turned(Color.RED, 16, 8))
                .with("page.jpg", "<html>")
                .with("empty.jpg", new byte[0]);

        assertThat(detect(photos)).isZero();

        assertThat(SPARK.read().parquet(output.toString()).count()).isEqualTo(6);
        assertObject(objects("red").get(0), "red", SCORES[0], 3, 2, 9, 6);
        // clipped at the border; the third box duplicates the first one
        assertObject(objects("red").get(1), "red", SCORES[1], 0, 4, 3.6f, 8);
        assertThat(objects("red")).hasSize(2);
        assertThat(objects("black")).isEmpty();
        assertObject(objects("pixel").get(0), "green", SCORES[0], 0.25f, 0.25f, 0.75f, 0.75f);
        // stored 16 x 8, so 8 x 16 when upright
        assertThat(row("upright").<Integer>getAs("width")).isEqualTo(8);
        assertObject(objects("upright").get(0), "red", SCORES[0], 2, 4, 6, 12);
        for (String broken : List.of("page", "empty")) {
            Row row = row(broken);
            assertThat(row.isNullAt(row.fieldIndex("objects"))).isTrue();
            assertThat(row.<String>getAs("status")).isNotEqualTo("ok");
        }
    }

    @Test
    void fourHundredObjectsAreAllReturned() throws IOException {
        double side = 1 / 20.0;
        double[][] grid = new double[400][];
        for (int i = 0; i < 400; i++) {
            int column = i % 20;
            int line = i / 20;
            grid[i] = new double[] {column * side, line * side, (column + 1) * side, (line + 1) * side};
        }
        TinyModels.writeDirectory(model, TinyDetectors.corners(grid));

        assertThat(detect(red(), "--max-objects", "1000")).isZero();

        assertThat(objects("red")).hasSize(400);
    }

    @Test
    void boxesRelativeToAnchorsAreDecoded() throws IOException {
        // moved by 5 / 10 of the anchor's height and −2.5 / 10 of its width, and scaled in height by e^(ln 2)
        double[] codes = {5, -2.5, 5 * Math.log(2), 0};
        TinyModels.writeDirectory(folder.resolve("anchored"), TinyDetectors.anchored("0.5,0.5,0.2,0.4\n", codes));
        model = folder.resolve("anchored");

        assertThat(detect(red())).isZero();

        assertObject(objects("red").get(0), "red", SCORES[0], 0.2f * 12, 0.4f * 8, 0.6f * 12, 0.8f * 8);
    }

    @Test
    void commandLineLimitsOverrideThoseOfThePackage() throws IOException {
        assertThat(detect(red(), "--iou", "1", "--min-score", "0.5", "--max-objects", "2"))
                .isZero();

        assertThat(objects("red")).hasSize(2);
        JsonNode settings = new ObjectMapper()
                .readTree(output.resolve("_run/run.json").toFile())
                .path("settings");
        assertThat(settings.path("iou").asText()).isEqualTo("1.0");
        assertThat(settings.path("min-score").asText()).isEqualTo("0.5");
        assertThat(settings.path("max-objects").asText()).isEqualTo("2");
        assertThat(detect(red(), "--min-score", "0.9")).isEqualTo(1); // an output must not mix rows of two thresholds
    }

    @Test
    void theMinimumScoreDropsLowerScores() throws IOException {
        assertThat(detect(red(), "--min-score", "0.9")).isZero();

        assertThat(objects("red")).hasSize(1);
    }

    @Test
    void invalidLimitsAndOtherPackagesAreRejected() throws IOException {
        assertThat(detect(red(), "--min-score", "1.5")).isEqualTo(1);
        assertThat(detect(red(), "--iou", "-0.1")).isEqualTo(1);
        assertThat(detect(red(), "--max-objects", "0")).isEqualTo(1);

        model = TinyModels.writeDirectory(folder.resolve("classifier"), TinyModels.classify("a", "b", "c"));
        assertThat(detect(red())).isEqualTo(1);
        assertThat(output).doesNotExist();
    }

    private static Tars red() {
        return new Tars().with("red.png", Photos.png(Color.RED, 12, 8));
    }

    /** Returns a JPEG that must be rotated by a quarter turn, as written by a camera held upright: Exif orientation 6. */
    private static byte[] turned(Color color, int width, int height) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Photos.png(color, width, height)));
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", jpeg);
        byte[] plain = jpeg.toByteArray();
        ByteArrayOutputStream turned = new ByteArrayOutputStream();
        turned.write(plain, 0, 2);
        // APP1 of 34 bytes: "Exif", a big-endian TIFF header, one entry, tag 0x0112 SHORT 6, no next directory
        turned.writeBytes(HexFormat.of()
                .parseHex("ffe10022457869660000" + "4d4d002a00000008" + "0001" + "011200030000000100060000"
                        + "00000000"));
        turned.write(plain, 2, plain.length - 2);
        return turned.toByteArray();
    }

    private int detect(Tars photos, String... options) throws IOException {
        Path tar = Files.write(folder.resolve("a.tar"), photos.bytes());
        List<String> line = new ArrayList<>(List.of(
                "detect", "--model", model.toString(), "--input", tar.toString(), "--output", output.toString()));
        line.addAll(Arrays.asList(options));
        return Main.run(line.toArray(String[]::new));
    }

    private static void assertObject(
            Row object, String label, float score, float xmin, float ymin, float xmax, float ymax) {
        assertThat(object.<String>getAs("label")).isEqualTo(label);
        assertThat(object.<Float>getAs("score")).isCloseTo(score, within(2e-3f)); // a JPEG's red is not quite red
        float[] box = {object.getAs("xmin"), object.getAs("ymin"), object.getAs("xmax"), object.getAs("ymax")};
        assertThat(box).containsExactly(new float[] {xmin, ymin, xmax, ymax}, within(1e-4f));
    }

    private List<Row> objects(String id) {
        Row row = row(id);
        return row.getList(row.fieldIndex("objects"));
    }

    private Row row(String id) {
        return SPARK.read()
                .parquet(output.toString())
                .where("id = '" + id + "'")
                .collectAsList()
                .get(0);
    }
}
