package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.planisphere.JobRun;
import io.planisphere.geo.LatLng;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs over packages that keep weights outside the network's file, and over galleries. */
class LargeEncoderTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String DATA = "model.onnx_data";

    /** The embedding of a pure colour is 1 on one axis and -1 on two, so cosines with the axes are ±1/√3. */
    private static final double COSINE = 1 / Math.sqrt(3);

    private static final float[][] AXES = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};

    private Path folder;
    private Path tar;
    private Path output;

    @BeforeEach
    void writePhotos(@TempDir Path temporary) throws IOException {
        folder = temporary;
        tar = Files.write(
                folder.resolve("a.tar"),
                new Tars()
                        .with("r.png", Photos.png(Color.RED, 12, 9))
                        .with("g.png", Photos.png(Color.GREEN, 12, 9))
                        .bytes());
        output = folder.resolve("out");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void aPackageWithExternalDataPredictsWhatOneFileDoes() throws IOException {
        Map<String, byte[]> whole = TinyModels.classify("red", "green", "blue");
        run("classify", "--model", written("whole", whole), "--input", tar, "--output", folder.resolve("expected"));
        run(
                "classify",
                "--model",
                written("split", TinyModels.external(whole, DATA)),
                "--input",
                tar,
                "--output",
                output);

        assertThat(labels(output)).isEqualTo(labels(folder.resolve("expected"))).hasSize(2);
    }

    @Test
    void anExportWithExternalDataIsImported() throws IOException {
        Map<String, byte[]> export = TinyModels.external(TinyModels.export("red", "green", "blue"), DATA);
        Path made = folder.resolve("package");
        run("model", "import", written("export", export), "--licence", "MIT", "--output", made);

        assertThat(made.resolve(DATA)).hasBinaryContent(TinyModels.bytes(export, DATA));
        assertThat(made.resolve("manifest.json")).content().contains(TinyModels.sha256(export, DATA));
        run("classify", "--model", made, "--input", tar, "--output", output);
        assertThat(labels(output).get("r")).startsWith("red");
    }

    @Test
    void externalDataThatIsAlteredEndsTheJobWithOneMessage() throws IOException {
        Path model = written("split", TinyModels.external(TinyModels.classify("red", "green", "blue"), DATA));
        Files.write(model.resolve(DATA), new byte[36]);

        JobRun run = JobRun.of("classify", "--model", model, "--input", tar, "--output", output);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().strip()).hasLineCount(1).contains(DATA + " has SHA-256 ");
    }

    @Test
    void quantizeRefusesExternalData() throws IOException {
        Path model = written("split", TinyModels.external(TinyModels.classify("red", "green", "blue"), DATA));
        JobRun run = JobRun.of("quantize", "--model", model, "--half", "--output", output);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().strip())
                .hasLineCount(1)
                .endsWith("it keeps weights in " + DATA + "; give a package with its network in one file");
    }

    /** Scores are 10 · cosine; the second and the last entry are one place. */
    @Test
    void aGalleryOfPlacesLocatesPhotos() throws IOException {
        Map<String, byte[]> files =
                TinyModels.gallery(TinyModels.locate(TinyModels.CELLS), 10, AXES[0], AXES[1], AXES[2], AXES[1]);
        Path model = written(
                "gallery",
                TinyModels.listed(TinyModels.with(
                        files, "cells.csv", "latitude,longitude\n40.7,-74\n48.9,2.4\n35.7,139.7\n48.9,2.4\n")));
        run("locate", "--model", model, "--input", tar, "--output", output);

        double near = Math.exp(10 * COSINE);
        double far = Math.exp(-10 * COSINE);
        Row red = row("r");
        assertThat(red.<Double>getAs("latitude")).isEqualTo(40.7);
        assertThat(red.<Double>getAs("longitude")).isEqualTo(-74);
        assertThat(red.<Float>getAs("confidence").doubleValue()).isCloseTo(near / (near + 3 * far), within(1e-6));
        assertThat(red.<String>getAs("cell"))
                .isEqualTo(new LatLng(40.7, -74).leaf().toToken());
        Row green = row("g");
        assertThat(green.<Double>getAs("latitude")).isEqualTo(48.9);
        assertThat(green.<Float>getAs("confidence").doubleValue())
                .isCloseTo(2 * near / (2 * near + 2 * far), within(1e-6));
        // half-way to the nearest other place
        double half = new LatLng(48.9, 2.4).distanceKm(new LatLng(40.7, -74)) / 2;
        assertThat(green.<Float>getAs("radius_km").doubleValue()).isCloseTo(half, within(1.0));
    }

    @Test
    void placesThatAreNoneEndTheJobWithOneMessage() throws IOException {
        Map<String, byte[]> files = TinyModels.gallery(TinyModels.locate(TinyModels.CELLS), 10, AXES[0], AXES[1]);
        Path model = written(
                "gallery",
                TinyModels.listed(TinyModels.with(files, "cells.csv", "latitude,longitude\n40.7,-74\n91,2.4\n")));
        JobRun run = JobRun.of("locate", "--model", model, "--input", tar, "--output", output);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().strip())
                .hasLineCount(1)
                .endsWith(
                        "Cannot read places from cells.csv: line 3: \"91,2.4\" is no place; write degrees, latitude in"
                                + " [-90, 90] and longitude in [-180, 180]");
    }

    /** As with embeddings of prompts: a vector per label. */
    @Test
    void aGalleryOfLabelsClassifiesPhotos() throws IOException {
        Path model = written("prompts", TinyModels.gallery(TinyModels.classify("red", "green", "blue"), 5, AXES));
        run("classify", "--model", model, "--input", tar, "--output", output);

        Row green = row("g");
        Row best = green.<Row>getList(green.fieldIndex("labels")).get(0);
        double near = Math.exp(5 * COSINE);
        assertThat(best.getString(1)).isEqualTo("green");
        assertThat((double) best.getFloat(2)).isCloseTo(near / (near + 2 * Math.exp(-5 * COSINE)), within(1e-6));
    }

    private Path written(String name, Map<String, byte[]> files) throws IOException {
        return TinyModels.writeDirectory(folder.resolve(name), files);
    }

    private static Map<String, String> labels(Path rows) {
        Map<String, String> labels = new HashMap<>();
        rows(rows).forEach((id, row) -> {
            List<Row> best = row.getList(row.fieldIndex("labels"));
            labels.put(id, best.get(0).getString(1) + " " + best);
        });
        return labels;
    }

    private Row row(String id) {
        return Objects.requireNonNull(rows(output).get(id));
    }

    private static Map<String, Row> rows(Path rows) {
        Map<String, Row> byId = new HashMap<>();
        SPARK.read().parquet(rows.toString()).collectAsList().forEach(row -> byId.put(row.getAs("id"), row));
        return byId;
    }

    private static void run(Object... words) {
        JobRun run = JobRun.of(words);
        assertThat(run.exit()).as(run.err()).isZero();
    }
}
