package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests album smoothing on real rows, with a network that maps red to New York, green to Paris and blue to Tokyo. */
class AlbumsTest {
    private static final SparkSession SPARK = LocalSpark.session();
    /** Slightly more green than red: Paris with a probability of about 0.55, New York with 0.45. */
    private static final Color DOUBTFUL = new Color(126, 129, 0);

    private Path folder;
    private Path manifest;
    private Path output;
    private String stderr = "";

    @BeforeEach
    void write(@TempDir Path temporary) throws IOException {
        folder = temporary;
        TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        output = folder.resolve("out");
        Files.write(folder.resolve("red.png"), Photos.png(Color.RED, 12, 9));
        Files.write(folder.resolve("doubtful.png"), Photos.png(DOUBTFUL, 12, 9));
        Files.write(folder.resolve("broken.png"), new byte[0]);
        manifest = folder.resolve("photos.csv");
        Files.writeString(manifest, """
                id,uri,user,taken
                a1,red.png,ann,2024-05-01 10:00:00
                a2,doubtful.png?2,ann,2024-05-01 11:00:00
                a3,red.png?3,ann,2024-05-01 12:30:00
                b1,doubtful.png,bob,2024-05-01 11:00:00
                a9,doubtful.png?9,ann,2024-06-01 11:00:00
                n1,doubtful.png?n,,2024-05-01 11:00:00
                e1,broken.png,ann,2024-05-01 11:10:00
                """);
        for (String copy : List.of("doubtful.png?2", "red.png?3", "doubtful.png?9", "doubtful.png?n")) {
            Files.copy(folder.resolve(copy.substring(0, copy.indexOf('?'))), folder.resolve(copy));
        }
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void photosOfOneUserWithinTheWindowAreSmoothedTogether() {
        assertThat(locate("--album-window", "24h")).isZero();

        Row doubtful = row("a2");
        assertThat(doubtful.<String>getAs("cell")).isEqualTo("47e67");
        assertThat(doubtful.<String>getAs("album_cell")).isEqualTo("89c25");
        assertThat(doubtful.<Double>getAs("album_latitude")).isEqualTo(40.7128);
        assertThat(doubtful.<Double>getAs("album_longitude")).isEqualTo(-74.0060);
        assertThat(doubtful.<Float>getAs("album_confidence")).isGreaterThan(0.9f);
        // alone in their albums: another user's photo, and one taken a month later
        for (String id : List.of("b1", "a9")) {
            assertThat(row(id).<String>getAs("album_cell")).isEqualTo("47e67");
            assertThat(row(id).<Float>getAs("album_confidence"))
                    .isCloseTo(row(id).<Float>getAs("confidence"), within(1e-5f));
        }
        for (String id : List.of("n1", "e1")) {
            assertThat(row(id).isNullAt(row(id).fieldIndex("album_cell"))).isTrue();
        }
        assertThat(rows().count()).isEqualTo(7);
    }

    @Test
    void aSecondRunRewritesAlbumsOnlyIfTheyHaveNewPhotos() throws IOException {
        String all = Files.readString(manifest);
        Files.writeString(
                manifest,
                all.lines()
                        .filter(line -> !line.startsWith("a1") && !line.startsWith("a3"))
                        .reduce("", (text, line) -> text + line + "\n"));
        locate("--album-window", "24h");
        assertThat(row("a2").<String>getAs("album_cell")).isEqualTo("47e67");

        Files.writeString(manifest, all);
        locate("--album-window", "24h");
        assertThat(row("a2").<String>getAs("album_cell")).isEqualTo("89c25");
        long written = Files.getLastModifiedTime(output.resolve("batch=0")).toMillis();

        assertThat(locate("--album-window", "24h")).isZero();
        assertThat(Files.getLastModifiedTime(output.resolve("batch=0")).toMillis())
                .isEqualTo(written);
        assertThat(rows().count()).isEqualTo(7);
    }

    @Test
    void usersAndTimesAreReadFromASeparateTable() throws IOException {
        String noUsers = Files.readString(manifest).replaceAll("(?m)^([^,]*,[^,]*),.*$", "$1");
        String table = Files.readString(manifest).replace("user,taken", "camera,when");
        Files.writeString(manifest, noUsers);
        Path metadata = Files.writeString(folder.resolve("beside.csv"), table);

        assertThat(locate(
                        "--album-window",
                        "24h",
                        "--album-metadata",
                        metadata.toString(),
                        "--album-by",
                        "camera",
                        "--album-time",
                        "when",
                        "--album-match",
                        "id"))
                .isZero();

        assertThat(row("a2").<String>getAs("album_cell")).isEqualTo("89c25");
    }

    @Test
    void evaluateComparesAlbumPredictionsWithSinglePhotoPredictions() throws IOException {
        locate("--album-window", "24h");
        Path truth = Files.writeString(folder.resolve("truth.csv"), """
                id,latitude,longitude
                a1,40.7128,-74.0060
                a2,40.7128,-74.0060
                a3,40.7128,-74.0060
                b1,48.8566,2.3522
                """);

        assertThat(Main.run(
                        "evaluate",
                        "--predictions",
                        "albums:" + output,
                        "--compare",
                        output.toString(),
                        "--truth",
                        truth.toString(),
                        "--output",
                        folder.resolve("scores").toString()))
                .isZero();

        JsonNode metrics = new ObjectMapper()
                .readTree(folder.resolve("scores/metrics.json").toFile());
        assertThat(metrics.path("within_km").path("25").asDouble()).isEqualTo(1);
        JsonNode gain =
                metrics.path("comparison").path("difference").path("within_km").path("25");
        assertThat(gain.asDouble()).isEqualTo(0.25);
    }

    @Test
    void invalidOptionsAreRejected() {
        assertThat(locate("--album-window", "soon")).isEqualTo(1);
        assertThat(stderr).contains("--album-window must be a number and s, m, h or d, such as 24h, got soon");
        assertThat(locate("--album-time", "taken")).isEqualTo(1);
        assertThat(stderr).contains("need --album-window");
        assertThat(locate("--album-window", "24h", "--album-by", "shoe_size")).isEqualTo(1);
        assertThat(stderr).contains("Cannot find the shoe_size").contains("--album-by");
    }

    private int locate(String... options) {
        List<String> line = new ArrayList<>(List.of(
                "locate",
                "--model",
                folder.resolve("model").toString(),
                "--input",
                manifest.toString(),
                "--output",
                output.toString()));
        line.addAll(Arrays.asList(options));
        JobRun run = JobRun.of(line.toArray());
        stderr = run.err();
        return run.exit();
    }

    private Dataset<Row> rows() {
        return SPARK.read().parquet(output.toString());
    }

    private Row row(String id) {
        return rows().where("id = '" + id + "'").collectAsList().get(0);
    }
}
