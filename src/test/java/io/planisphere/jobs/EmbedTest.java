package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import io.planisphere.spark.LocalSpark;
import io.planisphere.vision.HalfFloat;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the whole job on real files, with a network whose embedding is a photo's mean colour, from -1 to 1. */
class EmbedTest {
    private static final SparkSession SPARK = LocalSpark.session();

    private Path folder;
    private Path model;
    private Path tar;
    private Path output;

    @BeforeEach
    void writePhotos(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        tar = Files.write(
                folder.resolve("a.tar"),
                new Tars()
                        .with("red.png", Photos.png(Color.RED, 12, 9))
                        .with("page.jpg", "<html>")
                        .bytes());
        output = folder.resolve("out");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void everyPhotoHasItsEmbeddingOrAnErrorStatus() throws IOException {
        assertThat(embed()).isZero();

        Row red = row("red");
        assertThat(red.<Float>getList(red.fieldIndex("embedding"))).hasSize(3);
        double[] expected = {1, -1, -1};
        for (int i = 0; i < 3; i++) {
            assertThat((double) red.<Float>getList(red.fieldIndex("embedding")).get(i))
                    .isCloseTo(expected[i], within(1e-6));
        }
        Row page = row("page");
        assertThat(page.<String>getAs("status")).isEqualTo("not_an_image");
        assertThat(page.isNullAt(page.fieldIndex("embedding"))).isTrue();
        JsonNode record =
                new ObjectMapper().readTree(output.resolve("_run/run.json").toFile());
        assertThat(record.path("job").asText()).isEqualTo("embed");
        assertThat(record.path("settings").path("precision").asText()).isEqualTo("float");
        assertThat(record.path("settings").path("normalize").asText()).isEqualTo("false");
    }

    /** The plain export of a classifier has only the logits as output. */
    @Test
    void theInputOfTheLastLayerIsTheEmbeddingOfAPlainClassifier() throws IOException {
        TinyModels.writeDirectory(folder.resolve("export"), TinyModels.export("a", "b", "c", "d"));
        model = folder.resolve("export");

        assertThat(embed()).isZero();

        Row red = row("red");
        assertThat(red.<Float>getList(red.fieldIndex("embedding"))).containsExactly(1f, -1f, -1f);
    }

    @Test
    void embeddingsAreNormalisedInHalfPrecision() throws IOException {
        assertThat(embed("--precision", "half", "--normalize")).isZero();

        byte[] halves = row("red").getAs("embedding");
        assertThat(halves).hasSize(6);
        float[] unit = HalfFloat.decode(halves);
        // (1, -1, -1) / sqrt(3), rounded to the 11 significant bits of a half
        assertThat(unit[0]).isCloseTo(0.57735f, within(3e-4f));
        assertThat(unit[2]).isCloseTo(-0.57735f, within(3e-4f));
    }

    @Test
    void aRunWithAnotherPrecisionIsRejected() throws IOException {
        embed();

        assertThat(embed("--precision", "half")).isEqualTo(1);
    }

    private int embed(String... options) {
        List<String> line = new ArrayList<>(List.of(
                "embed", "--model", model.toString(), "--input", tar.toString(), "--output", output.toString()));
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
}
