package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyDetectors;
import io.planisphere.model.TinyFaceModels;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the whole job on real files, with a detector whose boxes tile the photo and a network that returns a face's mean colour.
 */
class FacesTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final int FACES = TinyFaceModels.GRID * TinyFaceModels.GRID;

    private Path folder;
    private Path detector;
    private Path model;
    private Path tar;
    private Path output;

    @BeforeEach
    void writePhotos(@TempDir Path temporary) throws IOException {
        folder = temporary;
        detector = TinyModels.writeDirectory(folder.resolve("detector"), TinyFaceModels.detector());
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyFaceModels.attributes(1));
        tar = Files.write(
                folder.resolve("a.tar"),
                new Tars()
                        .with("one.png", Photos.png(Color.RED, 800, 800))
                        .with("none.png", Photos.png(Color.BLUE, 800, 600))
                        .with("crowd.png", Photos.png(FacePhotos.crowd()))
                        .with("dot.png", Photos.png(Color.RED, 1, 1))
                        .with("page.jpg", "<html>")
                        .with("turned.jpg", FacePhotos.turned())
                        .bytes());
        output = folder.resolve("out");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void theFacesTableHasARowPerFaceAndFollowsTheRows() throws IOException {
        Path table = folder.resolve("table");

        assertThat(faces("--attributes", "colour", "--faces-table", table.toString()))
                .isZero();
        long first = SPARK.read().parquet(table.toString()).count();
        assertThat(faces("--attributes", "colour", "--faces-table", table.toString()))
                .isZero();

        long inRows = SPARK.read()
                .parquet(output.toString())
                .selectExpr("sum(size(faces)) filter (where faces is not null)")
                .head()
                .getLong(0);
        assertThat(first).isEqualTo(inRows).isGreaterThan(FACES);
        assertThat(SPARK.read().parquet(table.toString()).count()).isEqualTo(inRows);
        List<Row> crowd = SPARK.read()
                .parquet(table.toString())
                .where("id = 'crowd'")
                .orderBy("face")
                .collectAsList();
        assertThat(crowd).hasSize(FACES);
        assertThat(crowd.get(0).schema().fieldNames())
                .containsExactly(
                        "id",
                        "uri",
                        "width",
                        "height",
                        "face",
                        "score",
                        "xmin",
                        "ymin",
                        "xmax",
                        "ymax",
                        "attributes",
                        "embedding");
        Row last = crowd.get(FACES - 1);
        Row inRow = facesOf("crowd").get(FACES - 1);
        assertThat(last.<Integer>getAs("face")).isEqualTo(FACES - 1);
        assertThat(last.<Float>getAs("xmin")).isEqualTo(inRow.<Float>getAs("xmin"));
        assertThat(last.<Object>getAs("attributes")).isEqualTo(inRow.getAs("attributes"));
    }

    @Test
    void theFacesTableDoesNotReplaceOtherFiles() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("precious.txt"), "mine");

        assertThat(faces("--faces-table", other.toString())).isEqualTo(1);
        assertThat(faces("--faces-table", output.resolve("table").toString())).isEqualTo(1);
        assertThat(other.resolve("precious.txt")).hasContent("mine");
    }

    @Test
    void everyPhotoHasItsFacesAndNoAttributesByDefault() throws IOException {
        Session.closeShared();
        int before = Session.openings();

        assertThat(faces()).isZero();

        assertThat(Session.openings() - before).as("the detector alone").isEqualTo(1);
        Row face = facesOf("one").get(0);
        assertThat(facesOf("one")).hasSize(1);
        assertThat(face.getFloat(0)).isCloseTo(1f, within(1e-5f));
        assertThat(box(face)).containsExactly(new float[] {0, 0, 40, 40}, within(1e-3f));
        assertThat(face.isNullAt(face.fieldIndex("attributes"))).isTrue();
        assertThat(face.isNullAt(face.fieldIndex("embedding"))).isTrue();
        assertThat(facesOf("none")).isEmpty();
        assertThat(facesOf("crowd")).hasSize(FACES);
        assertThat(facesOf("dot")).as("its box is a twentieth of a pixel").isEmpty();
        assertThat(row("page").<String>getAs("status")).isEqualTo("not_an_image");
        assertThat(row("page").isNullAt(row("page").fieldIndex("faces"))).isTrue();
        JsonNode settings = record().path("settings");
        assertThat(settings.has("attributes")).isFalse();
        assertThat(settings.path("embedding").asText()).isEqualTo("false");
        assertThat(settings.path("min-score").asText()).isEqualTo("0.5");
        assertThat(settings.path("detector").asText()).matches("[0-9a-f]{64}");
    }

    /**
     * In the red photo the first box of each tile is a face; in all tiles but the first these boxes begin at an edge that cuts
     * them off.
     */
    @Test
    void aLargePhotoIsTiledOnRequest() throws IOException {
        assertThat(faces("--scales", "2")).isZero();

        assertThat(facesOf("one")).hasSize(2);
        assertThat(box(facesOf("one").get(0))).containsExactly(new float[] {0, 0, 40, 40}, within(1e-3f));
        assertThat(box(facesOf("one").get(1))).containsExactly(new float[] {0, 0, 20, 20}, within(1e-3f));
        assertThat(facesOf("dot")).isEmpty();
        assertThat(record().path("settings").path("scales").asText()).isEqualTo("2");
        assertThat(faces()).as("at another scale").isEqualTo(1);
        assertThat(faces("--scales", "0")).isEqualTo(1);
        assertThat(faces("--scales", "6")).isEqualTo(1);
    }

    @Test
    void aFaceHasTheRequestedAttributes() throws IOException {
        assertThat(faces("--attributes", "number,colour.red", "--embedding")).isZero();

        Row face = facesOf("one").get(0);
        Map<String, Float> values = face.getJavaMap(face.fieldIndex("attributes"));
        // logits 4, -4, -4
        double red = 1 / (1 + 2 * Math.exp(-8));
        assertThat(values).containsOnlyKeys("colour.red", "number");
        assertThat(values.get("colour.red")).isCloseTo((float) red, within(1e-5f));
        assertThat(values.get("number")).isCloseTo((float) ((1 - red) / 2 * 3), within(1e-5f));
        assertThat(embedding(face)).containsExactly(unit(1, -1, -1), within(1e-5f));
        assertThat(record().path("settings").path("attributes").asText()).isEqualTo("colour.red,number");
    }

    /** The embedding of each of 400 faces belongs to its own box, independent of the other faces in its batch. */
    @Test
    void embeddingsBelongToTheirFacesInAnyBatch() throws IOException {
        assertThat(faces("--attributes", "colour", "--embedding", "--batch-size", "7"))
                .isZero();
        List<Row> sevens = facesOf("crowd");
        output = folder.resolve("ones");
        assertThat(faces("--attributes", "colour", "--embedding", "--batch-size", "1"))
                .isZero();
        List<Row> ones = facesOf("crowd");

        assertThat(sevens).isEqualTo(ones);
        for (Row face : sevens) {
            int column = Math.round(box(face)[0]) / FacePhotos.TILE;
            int line = Math.round(box(face)[1]) / FacePhotos.TILE;
            Color colour = FacePhotos.colour(column, line);
            assertThat(embedding(face))
                    .containsExactly(
                            unit(
                                    colour.getRed() / 127.5 - 1,
                                    colour.getGreen() / 127.5 - 1,
                                    colour.getBlue() / 127.5 - 1),
                            within(1e-4f));
        }
    }

    /** With margin 2 the first tile's square begins half a tile outside the photo, so 7/16 of it is black. */
    @Test
    void aSquareIsBlackOutsideThePhoto() throws IOException {
        model = TinyModels.writeDirectory(folder.resolve("wide"), TinyFaceModels.attributes(2));
        tar = Files.write(
                folder.resolve("b.tar"),
                new Tars().with("white.png", Photos.png(Color.WHITE, 800, 800)).bytes());

        assertThat(faces("--attributes", "colour", "--embedding")).isZero();

        // red of the square's mean: 3/4 of its width and 3/4 of its height lie in the photo, and all channels are
        // equal
        Row face = facesOf("white").stream()
                .filter(f -> box(f)[0] == 0 && box(f)[1] == 0)
                .findFirst()
                .orElseThrow();
        float value = (float) (2 * 9 / 16.0 - 1);
        assertThat(embedding(face)).containsExactly(unit(value, value, value), within(1e-4f));
        Row inside = facesOf("white").stream()
                .filter(f -> box(f)[0] > 100 && box(f)[1] > 100 && box(f)[2] < 700 && box(f)[3] < 700)
                .findFirst()
                .orElseThrow();
        assertThat(embedding(inside)).containsExactly(unit(1, 1, 1), within(1e-4f));
    }

    @Test
    void boxesReferToTheUprightPhoto() throws IOException {
        assertThat(faces("--embedding")).isZero();

        Row row = row("turned");
        assertThat(row.<Integer>getAs("width")).isEqualTo(800);
        Row face = facesOf("turned").get(0);
        assertThat(box(face)).containsExactly(new float[] {0, 0, 40, 30}, within(1e-3f));
        // the yellow corner; of the square's 40 rows the upper 5 lie outside the photo
        assertThat(embedding(face)).containsExactly(unit(0.75, 0.75, -1), within(0.03f));
    }

    /** The landmarks place the face in the square from 400 to 480, independent of the box; only that square is blue. */
    @Test
    void aNetworkForAlignedFacesGetsFacesAlignedByLandmarks() throws IOException {
        BufferedImage photo = new BufferedImage(800, 800, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = photo.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, 800, 800);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(390, 390, 100, 100);
        graphics.dispose();
        tar = Files.write(
                folder.resolve("b.tar"),
                new Tars().with("square.png", Photos.png(photo)).bytes());
        double[] template = {38.2946, 51.6963, 73.5318, 51.5014, 56.0252, 71.7366, 41.5493, 92.3655, 70.7299, 92.2041};
        float[] points = new float[10 * FACES];
        for (int i = 0; i < points.length; i++) {
            points[i] = (float) ((400 + template[i % 10] / 112 * 80) / 800);
        }
        detector = TinyModels.writeDirectory(
                folder.resolve("landmarks"), TinyDetectors.withLandmarks(TinyFaceModels.detector(), points));
        Map<String, byte[]> files = TinyFaceModels.attributes(1);
        model = TinyModels.writeDirectory(
                folder.resolve("aligned"),
                TinyModels.with(
                        files,
                        "manifest.json",
                        TinyModels.text(files, "manifest.json").replace("\"margin\": 1.0", "\"align\": \"arcface\"")));

        assertThat(faces("--embedding")).isZero();

        assertThat(embedding(facesOf("square").get(0))).containsExactly(unit(-1, -1, 1), within(1e-5f));
        detector = folder.resolve("detector");
        output = folder.resolve("without");
        assertThat(faces("--embedding")).as("a detector without landmarks").isEqualTo(1);
    }

    @Test
    void coincidentLandmarksGiveAModelError() throws IOException {
        detector = TinyModels.writeDirectory(
                folder.resolve("spot"), TinyDetectors.withLandmarks(TinyFaceModels.detector(), new float[10 * FACES]));
        Map<String, byte[]> files = TinyFaceModels.attributes(1);
        model = TinyModels.writeDirectory(
                folder.resolve("aligned"),
                TinyModels.with(
                        files,
                        "manifest.json",
                        TinyModels.text(files, "manifest.json")
                                .replace("\"margin\"", "\"align\": \"arcface\", \"margin\"")));

        assertThat(faces("--embedding")).isZero();

        assertThat(row("one").<String>getAs("status")).isEqualTo("model_error");
        assertThat(row("one").<String>getAs("detail")).isEqualTo("face 0 of 1: its landmarks all lie on one point");
        assertThat(row("none").<String>getAs("status")).isEqualTo("ok");
    }

    @Test
    void aSmallFaceInAOnePixelPhotoIsKeptOnRequest() throws IOException {
        assertThat(faces("--min-face", "0", "--embedding")).isZero();

        assertThat(embedding(facesOf("dot").get(0))).containsExactly(unit(1, -1, -1), within(1e-5f));
    }

    @Test
    void aNetworkFailureOnOneFaceGivesThePhotoAModelError() throws IOException {
        assertThat(faces("--attributes", "light")).isZero();

        Row one = row("one");
        assertThat(one.<String>getAs("status")).isEqualTo("model_error");
        assertThat(one.<String>getAs("detail")).isEqualTo("face 0 of 1: score 1 is -Infinity");
        assertThat(one.isNullAt(one.fieldIndex("faces"))).isTrue();
        assertThat(row("none").<String>getAs("status")).isEqualTo("ok");
        assertThat(facesOf("crowd")).as("faces in the same batches").hasSize(FACES);
    }

    @Test
    void unknownAttributesAndChangedSettingsAreRejected() {
        assertThat(faces("--attributes", "age")).isEqualTo(1);
        assertThat(output).doesNotExist();
        assertThat(faces("--attributes", "colour,number")).isZero();
        assertThat(faces("--attributes", "number,colour")).as("the same list").isZero();
        assertThat(faces("--attributes", "number")).isEqualTo(1);
        assertThat(faces("--attributes", "number,colour", "--min-face", "10")).isEqualTo(1);
        detector = model;
        assertThat(faces("--attributes", "number,colour")).isEqualTo(1);
    }

    @Test
    void nativeMemoryIsFreed() {
        assertThat(faces("--attributes", "colour", "--embedding")).isZero();
        long before = Pointer.totalBytes();
        output = folder.resolve("again");

        assertThat(faces("--attributes", "colour", "--embedding")).isZero();

        assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(before);
    }

    private int faces(String... options) {
        List<String> line = new ArrayList<>(List.of(
                "faces",
                "--detector",
                detector.toString(),
                "--model",
                model.toString(),
                "--input",
                tar.toString(),
                "--output",
                output.toString()));
        line.addAll(Arrays.asList(options));
        return Main.run(line.toArray(String[]::new));
    }

    private Row row(String id) {
        return SPARK.read()
                .parquet(output.toString())
                .where("id = '" + id + "'")
                .collectAsList()
                .get(0);
    }

    private List<Row> facesOf(String id) {
        Row row = row(id);
        return row.getList(row.fieldIndex("faces"));
    }

    private static float[] box(Row face) {
        return new float[] {face.getFloat(1), face.getFloat(2), face.getFloat(3), face.getFloat(4)};
    }

    private static float[] embedding(Row face) {
        List<Float> values = face.getList(face.fieldIndex("embedding"));
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i);
        }
        return vector;
    }

    private static float[] unit(double x, double y, double z) {
        double norm = Math.sqrt(x * x + y * y + z * z);
        return new float[] {(float) (x / norm), (float) (y / norm), (float) (z / norm)};
    }

    private JsonNode record() throws IOException {
        return new ObjectMapper().readTree(output.resolve("_run/run.json").toFile());
    }
}
