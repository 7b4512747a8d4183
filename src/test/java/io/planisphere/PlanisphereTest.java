package io.planisphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackageException;
import io.planisphere.model.TinyDetectors;
import io.planisphere.model.TinyFaceModels;
import io.planisphere.model.TinyModels;
import io.planisphere.source.InputException;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the library gives the rows that the jobs write. */
class PlanisphereTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final StructType PHOTOS = StructType.fromDDL("id string, uri string, content binary");
    private static final byte[] RED = Photos.png(Color.RED, 12, 9);

    private Path folder;
    private Path tar;

    @BeforeEach
    void writePhotos(@TempDir Path temporary) throws IOException {
        folder = temporary;
        tar = folder.resolve("photos.tar");
        Files.write(
                tar,
                new Tars()
                        .with("red.png", RED)
                        .with("green.png", Photos.png(Color.GREEN, 12, 9))
                        .with("empty.jpg", new byte[0])
                        .with("page.jpg", "<?xml version=\"1.0\"?><Error/>")
                        .with("alone.txt", "no photo")
                        .bytes());
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void locateGivesTheRowsOfTheJob() throws IOException {
        assertSame("locate", TinyModels.locate(TinyModels.CELLS), Planisphere::locate);
    }

    @Test
    void classifyGivesTheRowsOfTheJob() throws IOException {
        assertSame("classify", TinyModels.classify("red", "green", "blue"), Planisphere::classify);
    }

    @Test
    void embedGivesTheRowsOfTheJob() throws IOException {
        assertSame("embed", TinyModels.locate(TinyModels.CELLS), Planisphere::embed);
    }

    @Test
    void detectGivesTheRowsOfTheJob() throws IOException {
        assertSame("detect", TinyDetectors.corners(new double[] {0.25, 0.25, 0.75, 0.75}), Planisphere::detect);
    }

    @Test
    void facesGivesTheRowsOfTheJob() throws IOException {
        // the detector sees red as a face, and the face's colour as an attribute
        Files.write(
                tar,
                new Tars()
                        .with("red.png", Photos.png(Color.RED, 800, 800))
                        .with("blue.png", Photos.png(Color.BLUE, 800, 600))
                        .with("dot.png", Photos.png(Color.RED, 1, 1))
                        .with("empty.jpg", new byte[0])
                        .with("page.jpg", "<html>")
                        .bytes());
        String detector = write("detector", TinyFaceModels.detector());
        String model = write("faces", TinyFaceModels.attributes(1));

        Dataset<Row> written = written("faces", "--detector", detector, "--model", model, "--attributes", "colour");

        assertSame(Planisphere.faces(photos(), detector, model, List.of("colour")), written);
        assertThat(written.where("get(faces, 0).attributes IS NOT NULL").count())
                .isEqualTo(1);
        assertThat(Planisphere.faces(photos(), detector, model, List.of())
                        .where("get(faces, 0).attributes IS NOT NULL")
                        .count())
                .as("described unasked")
                .isZero();
    }

    @Test
    void invalidAttributesAndDetectorsAreRejectedBeforeExecution() throws IOException {
        String detector = write("detector", TinyFaceModels.detector());
        String model = write("faces", TinyFaceModels.attributes(1));

        assertThatThrownBy(() -> Planisphere.faces(photos(), detector, model, List.of("colour", "mood")))
                .isInstanceOf(InputException.class)
                .hasMessageMatching("Attributes: .*faces does not know mood; give some of .*colour.*");
        assertThatThrownBy(() -> Planisphere.faces(photos(), model, model, List.of()))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining("give a detector with task detect and a label face");
    }

    @Test
    void photosOfManyTasksShareOneSession() throws IOException {
        String model = locator();
        Session.closeShared();
        int before = Session.openings();

        Dataset<Row> rows = Planisphere.locate(photos().repartition(4), model);

        assertThat(rows.count()).isEqualTo(5);
        assertThat(Planisphere.embed(photos(), model).filter("status = 'ok'").count())
                .isEqualTo(2);
        assertThat(Session.openings() - before).isEqualTo(1);
    }

    @Test
    void rowsWithoutANameOrContentAreKept() throws IOException {
        Dataset<Row> table = SPARK.createDataFrame(
                List.of(
                        RowFactory.create("a", null, RED),
                        RowFactory.create(null, "u", RED),
                        RowFactory.create("c", "v", null),
                        RowFactory.create(null, null, RED)),
                PHOTOS);

        assertThat(Planisphere.locate(table.coalesce(1), locator())
                        .select("id", "uri", "status", "detail", "cell")
                        .collectAsList())
                .extracting(row -> row.mkString("|"))
                .containsExactly(
                        "a|a|ok|null|89c25",
                        "u|u|ok|null|89c25",
                        "c|v|missing|The row has no content|null",
                        "||missing|The row has neither id nor uri|null");
    }

    @Test
    void unrelatedStatusColumnsAreIgnored() throws IOException {
        Dataset<Row> table = SPARK.createDataFrame(
                List.of(RowFactory.create("a", "u", RED, "published", 7), RowFactory.create("b", "v", null, "ok", 7)),
                PHOTOS.add("status", "string").add("detail", "int"));

        assertThat(Planisphere.locate(table, locator())
                        .select("id", "status", "detail")
                        .collectAsList())
                .extracting(row -> row.mkString("|"))
                .containsExactlyInAnyOrder("a|ok|null", "b|missing|The row has no content");
    }

    @Test
    void anUnsuitableTableIsRejectedInOneSentence() throws IOException {
        String model = locator();
        String how = "; photos need id (string), uri (string) and content (binary), which select(...) can name";

        assertThatThrownBy(() -> Planisphere.locate(photos().withColumnRenamed("content", "bytes"), model))
                .isInstanceOf(InputException.class)
                .hasMessage("Photos have no column content, only id, uri, bytes, status, detail, txt" + how);
        assertThatThrownBy(() -> Planisphere.embed(photos().selectExpr("1 AS id", "uri", "content"), model))
                .isInstanceOf(InputException.class)
                .hasMessage("Column id of photos is int" + how);
        assertThatThrownBy(() -> Planisphere.embed(photos().selectExpr("*", "uri AS URI"), model))
                .isInstanceOf(InputException.class)
                .hasMessage("Photos have 2 columns uri" + how);
    }

    @Test
    void anUnsuitablePackageIsRejectedBeforeExecution() throws IOException {
        String model = locator();

        assertThatThrownBy(() -> Planisphere.detect(photos(), model))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining(model);
        assertThatThrownBy(() ->
                        Planisphere.classify(photos(), folder.resolve("none").toString()))
                .isInstanceOf(ModelPackageException.class)
                .hasMessageContaining("none");
    }

    private void assertSame(
            String job, Map<String, byte[]> files, BiFunction<Dataset<Row>, String, Dataset<Row>> library)
            throws IOException {
        String model = write("model", files);

        assertSame(library.apply(photos(), model), written(job, "--model", model));
    }

    private static void assertSame(Dataset<Row> rows, Dataset<Row> written) {
        assertThat(rows.schema().toDDL()).isEqualTo(written.schema().toDDL());
        assertThat(rows.count()).isEqualTo(5);
        assertThat(json(rows)).containsExactlyInAnyOrderElementsOf(json(written));
    }

    /** Returns the rows that a job writes for the photos. */
    private Dataset<Row> written(String job, String... options) {
        String output = folder.resolve("out").toString();
        List<String> line = new ArrayList<>(List.of(job, "--input", tar.toString(), "--output", output));
        line.addAll(List.of(options));
        assertThat(Main.run(line.toArray(String[]::new))).isZero();
        return SPARK.read().parquet(output).drop("batch");
    }

    private static List<String> json(Dataset<Row> rows) {
        return rows.toJSON().as(Encoders.STRING()).collectAsList();
    }

    private String locator() throws IOException {
        return write("model", TinyModels.locate(TinyModels.CELLS));
    }

    private String write(String name, Map<String, byte[]> files) throws IOException {
        return TinyModels.writeDirectory(folder.resolve(name), files).toString();
    }

    private Dataset<Row> photos() {
        return SPARK.read().format("webdataset").load(tar.toString());
    }
}
