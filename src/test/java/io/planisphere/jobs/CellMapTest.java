package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.Main;
import io.planisphere.infer.Session;
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
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Draws maps of the cells of a real package, and of a run of the whole job on real files. */
class CellMapTest {
    private static final String HEADER = "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean\n";

    private static Path folder;
    private static Path model;
    private static Path located;

    private String messages = "";

    @BeforeAll
    static void locate(@TempDir Path temporary) throws IOException {
        LocalSpark.session();
        folder = temporary;
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        located = folder.resolve("located");
        byte[] red = Photos.png(Color.RED, 12, 9);
        Path a = Files.write(
                folder.resolve("a.tar"),
                new Tars()
                        .with("red.png", red)
                        .with("twin.png", red)
                        .with("empty.jpg", new byte[0])
                        .bytes());
        Path b = Files.write(
                folder.resolve("b.tar"),
                new Tars()
                        .with("blue.png", Photos.png(Color.BLUE, 12, 9))
                        .with("twin.png", red)
                        .bytes());
        assertThat(Main.run(
                        "locate",
                        "--model",
                        model.toString(),
                        "--output",
                        located.toString(),
                        "--input",
                        a.toString(),
                        "--input",
                        b.toString()))
                .isZero();
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void aCellListIsDrawnWithLabelsPhotoCountsAndMeanPlaces() throws IOException {
        Path list = Files.writeString(
                folder.resolve("list.csv"), HEADER + "0,89c25,120,40.7128,-74.0060\n1,7,7,0.5,-179.5\n");

        JsonNode map = map("--cells", list);

        assertThat(map.path("type").asText()).isEqualTo("FeatureCollection");
        assertThat(map.path("features")).hasSize(2);
        JsonNode newYork = map.path("features").get(0);
        assertThat(newYork.path("type").asText()).isEqualTo("Feature");
        assertThat(newYork.path("properties").path("token").asText()).isEqualTo("89c25");
        assertThat(newYork.path("properties").path("level").asInt()).isEqualTo(8);
        assertThat(newYork.path("properties").path("label").asInt()).isZero();
        assertThat(newYork.path("properties").path("photos").asInt()).isEqualTo(120);
        assertThat(newYork.path("properties").path("latitude").asDouble()).isEqualTo(40.7128);
        assertThat(newYork.path("properties").path("longitude").asDouble()).isEqualTo(-74.0060);
        assertThat(newYork.path("geometry").path("type").asText()).isEqualTo("Polygon");
        // longitude first, like the corners in cell_polygons.csv
        assertThat(newYork.at("/geometry/coordinates/0/0").toString()).isEqualTo("[-74.2179326,40.8277065]");
        JsonNode acrossTheAntimeridian = map.path("features").get(1).path("geometry");
        assertThat(acrossTheAntimeridian.path("type").asText()).isEqualTo("MultiPolygon");
        assertThat(acrossTheAntimeridian.path("coordinates")).hasSize(2);
        assertThat(messages).contains("2 cells drawn");
    }

    @Test
    void theCellsOfAModelPackageAreDrawn() throws IOException {
        JsonNode map = map("--cells", "builtin:earth");

        assertThat(map.path("features")).hasSize(440);
    }

    @Test
    void aRunIsDrawnAsItsPredictedCellsWithPhotoCounts() throws IOException {
        JsonNode map = map("--run", located);

        assertThat(properties(map, "token")).containsExactly("89c25", "6018f");
        assertThat(properties(map, "photos")).containsExactly("3", "1");
        assertThat(properties(map, "share")).containsExactly("0.75", "0.25");
        assertThat(map.at("/features/0/properties/confidence").asDouble()).isBetween(0.99, 1.0);
        assertThat(messages).contains("5 photos, 4 of them in a cell").contains("2 cells drawn");
    }

    @Test
    void aSinglePhotoIsDrawnAsItsCellsWithProbabilities() throws IOException {
        JsonNode map = map("--run", located, "--photo", "blue");

        assertThat(properties(map, "token")).hasSize(3).startsWith("6018f");
        assertThat(StreamSupport.stream(map.path("features").spliterator(), false)
                        .mapToDouble(cell -> cell.at("/properties/probability").asDouble())
                        .sum())
                .isBetween(0.999, 1.001);
        assertThat(map.at("/features/0/properties").has("latitude")).isTrue();
    }

    @Test
    void aPhotoWithAnAmbiguousIdIsSelectedByUri() throws IOException {
        assertThat(run("--run", located, "--photo", "twin", "--output", folder.resolve("twin.geojson")))
                .isEqualTo(1);
        assertThat(messages)
                .contains("Several photos of")
                .contains("give the uri of one")
                .contains("b.tar#twin.png");

        JsonNode map = map("--run", located, "--photo", "file:" + folder.resolve("b.tar") + "#twin.png");

        assertThat(properties(map, "token")).startsWith("89c25");
    }

    @Test
    void inputsThatCannotBeDrawnGiveOneMessage() throws IOException {
        Path output = folder.resolve("nothing.geojson");

        assertThat(run("--run", located, "--photo", "nobody", "--output", output))
                .isEqualTo(1);
        assertThat(messages).contains("has the id or uri nobody").doesNotContain("\tat ");
        assertThat(run("--run", located, "--photo", "empty", "--output", output))
                .isEqualTo(1);
        assertThat(messages).contains("Photo empty has no cells: it is empty");
        assertThat(run("--run", folder, "--output", output)).isEqualTo(1);
        assertThat(messages).contains("it holds no rows; give the --output of a locate run");
        assertThat(run("--cells", folder.resolve("none.csv"), "--output", output))
                .isEqualTo(1);
        assertThat(messages).contains("none.csv: there is no such file");
        assertThat(run("--output", output)).isEqualTo(1);
        assertThat(run("--cells", model, "--photo", "red", "--output", output)).isEqualTo(1);
        assertThat(messages).contains("--photo names a row of a run");
        assertThat(output).doesNotExist();
        Files.writeString(output, "mine");
        assertThat(run("--cells", model, "--output", output)).isEqualTo(1);
        assertThat(messages).contains("it exists; remove it");
        assertThat(output).hasContent("mine");
    }

    private JsonNode map(Object... options) throws IOException {
        Path output = Files.createTempDirectory(folder, "map").resolve("map.geojson");
        List<Object> line = new ArrayList<>(Arrays.asList(options));
        line.addAll(List.of("--output", output));
        assertThat(run(line.toArray())).isZero();
        return new ObjectMapper().readTree(output.toFile());
    }

    private int run(Object... options) {
        List<String> line = new ArrayList<>(List.of("map"));
        Arrays.stream(options).map(Object::toString).forEach(line::add);
        JobRun run = JobRun.of(line.toArray());
        messages = run.output();
        return run.exit();
    }

    private static List<String> properties(JsonNode map, String name) {
        return StreamSupport.stream(map.path("features").spliterator(), false)
                .map(feature -> feature.path("properties").path(name).asText())
                .toList();
    }
}
