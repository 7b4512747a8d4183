package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyFaceModels;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs faces again on photos that were missing, or on which the second network failed. */
class FacesRetryTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private Path folder;
    private Path detector;
    private Path model;
    private Path output;

    @BeforeEach
    void writeModels(@TempDir Path temporary) throws IOException {
        folder = temporary;
        detector = TinyModels.writeDirectory(folder.resolve("detector"), TinyFaceModels.detector());
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyFaceModels.attributes(1));
        output = folder.resolve("out");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void aRetryAddsTheFacesOfAMissingPhotoAndUpdatesTheTable() throws IOException {
        Files.write(folder.resolve("red.png"), Photos.png(Color.RED, 800, 800));
        Path manifest = folder.resolve("manifest.csv");
        Files.writeString(manifest, "id,uri\nr,red.png\ny,yellow.png\n");
        Path table = folder.resolve("table");
        assertThat(faces(manifest, "--faces-table", table.toString())).isZero();
        assertThat(statuses()).isEqualTo(Map.of("r", "ok", "y", "missing"));
        assertThat(SPARK.read().parquet(table.toString()).count()).isEqualTo(1);

        Files.write(folder.resolve("yellow.png"), Photos.png(Color.YELLOW, 800, 800));
        assertThat(faces(manifest, "--faces-table", table.toString(), "--retry", "missing"))
                .isZero();

        assertThat(statuses()).isEqualTo(Map.of("r", "ok", "y", "ok"));
        assertThat(facesOf("y")).hasSize(400);
        assertThat(facesOf("r")).hasSize(1);
        assertThat(SPARK.read().parquet(table.toString()).count()).isEqualTo(401);
    }

    /**
     * The table is written under the lease, so no other run can write it at the same time, and a run whose table failed is
     * repeated.
     */
    @Test
    void aRunFailsIfItsFacesTableCannotBeWritten() throws IOException {
        Files.write(folder.resolve("red.png"), Photos.png(Color.RED, 800, 800));
        Path manifest = folder.resolve("manifest.csv");
        Files.writeString(manifest, "id,uri\nr,red.png\n");
        Path inTheWay = Files.createFile(folder.resolve("file"));
        Path table = inTheWay.resolve("table");

        assertThat(faces(manifest, "--faces-table", table.toString())).isEqualTo(3);
        assertThat(lastStart().path("state").asText()).isEqualTo("failed");

        Files.delete(inTheWay);
        assertThat(faces(manifest, "--faces-table", table.toString())).isZero();
        assertThat(lastStart().path("state").asText()).isEqualTo("done");
        assertThat(SPARK.read().parquet(table.toString()).count()).isEqualTo(1);
    }

    private JsonNode lastStart() throws IOException {
        JsonNode starts = new ObjectMapper()
                .readTree(output.resolve("_run/run.json").toFile())
                .path("invocations");
        return starts.get(starts.size() - 1);
    }

    /** The logarithm of zero green is not finite, so the network fails on a red face but not on a yellow one. */
    @Test
    void aRetryReadsOnlyTheFailedPhotoFromItsTar() throws IOException {
        Path tar = folder.resolve("a.tar");
        Files.write(tar, tar(Color.RED));
        assertThat(faces(tar, "--attributes", "light")).isZero();
        assertThat(statuses()).isEqualTo(Map.of("failed", "model_error", "none", "ok", "other", "not_an_image"));

        assertThat(faces(tar, "--attributes", "light", "--retry", "model_error"))
                .as("nothing has changed")
                .isZero();
        assertThat(statuses()).isEqualTo(Map.of("failed", "model_error", "none", "ok", "other", "not_an_image"));

        Files.write(tar, tar(Color.WHITE));
        assertThat(faces(tar, "--attributes", "light", "--retry", "model_error"))
                .isZero();

        assertThat(statuses()).isEqualTo(Map.of("failed", "ok", "none", "ok", "other", "not_an_image"));
        assertThat(facesOf("failed")).hasSize(400);
        assertThat(SPARK.read().parquet(output.toString()).count()).isEqualTo(3);
        assertThat(faces(tar, "--attributes", "light"))
                .as("the accounts still add up")
                .isZero();
    }

    private static byte[] tar(Color colour) {
        return new Tars()
                .with("failed.png", Photos.png(colour, 800, 800))
                .with("none.png", Photos.png(Color.BLACK, 800, 800))
                .with("other.jpg", "<html>")
                .bytes();
    }

    private int faces(Path input, String... options) {
        List<String> line = new ArrayList<>(List.of(
                "faces",
                "--detector",
                detector.toString(),
                "--model",
                model.toString(),
                "--input",
                input.toString(),
                "--output",
                output.toString()));
        line.addAll(Arrays.asList(options));
        return Main.run(line.toArray(String[]::new));
    }

    private Map<String, String> statuses() {
        Map<String, String> statuses = new TreeMap<>();
        SPARK.read()
                .parquet(output.toString())
                .select("id", "status")
                .collectAsList()
                .forEach(row -> statuses.put(row.getString(0), row.getString(1)));
        return statuses;
    }

    private List<Row> facesOf(String id) {
        Row row = SPARK.read()
                .parquet(output.toString())
                .where("id = '" + id + "'")
                .head();
        return row.getList(row.fieldIndex("faces"));
    }
}
