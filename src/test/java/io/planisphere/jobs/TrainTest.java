package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.JobRun;
import io.planisphere.Main;
import io.planisphere.infer.Session;
import io.planisphere.model.ModelPackage;
import io.planisphere.model.Task;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trains a package from photos with the jobs that a user runs. Photos are reddish in New York, greenish in Paris and Tours,
 * bluish in Tokyo; the backbone returns the mean colour.
 */
class TrainTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String HEADER = "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean\n";
    private static final double[][] PLACES = {
        {40.7128, -74.0060}, {48.8566, 2.3522}, {47.3941, 0.6848}, {35.6762, 139.6503}
    };
    private static final int PHOTOS = 200;

    private static Path folder;
    private static Path backbone;
    private static Path tar;
    private static Path embedded;
    private static Path places;
    private static Path coarse;
    private static Path fine;

    private String messages = "";

    @BeforeAll
    static void embedPhotos(@TempDir Path temporary) throws IOException {
        folder = temporary;
        backbone = TinyModels.writeDirectory(folder.resolve("backbone"), TinyModels.locate(TinyModels.CELLS));
        Random random = new Random(4);
        Tars photos = new Tars();
        StringBuilder table = new StringBuilder("id,latitude,longitude,author,view\n");
        for (int i = 0; i < PHOTOS; i++) {
            int place = i % PLACES.length;
            int[] colour = {110 + random.nextInt(60), 110 + random.nextInt(60), 110 + random.nextInt(60)};
            colour[place == 3 ? 2 : Math.min(place, 1)] += 40;
            colour[0] += place == 2 ? 30 : 0;
            photos.with("p" + i + ".png", Photos.png(new Color(colour[0], colour[1], colour[2]), 9, 8));
            table.append(String.format(
                    Locale.ROOT,
                    "p%d,%s,%s,author%d,%s\n",
                    i,
                    PLACES[place][0],
                    PLACES[place][1],
                    i / 4,
                    "view " + place));
        }
        tar = Files.write(
                folder.resolve("photos.tar"), photos.with("page.jpg", "<html>").bytes());
        places = Files.writeString(folder.resolve("places.csv"), table);
        // New York, the west of Europe, Japan; and, at the finer level, the four towns
        coarse = Files.writeString(
                folder.resolve("coarse.csv"), HEADER + "0,89c25,1,40.7,-74\n1,47c,2,48,1\n2,601,1,35.7,139.7\n");
        fine = Files.writeString(
                folder.resolve("fine.csv"),
                HEADER + "0,89c25,1,40.7128,-74.006\n1,47e67,1,48.8566,2.3522\n2,47fcd,1,47.3941,0.6848\n"
                        + "3,6018f,1,35.6762,139.6503\n");
        embedded = folder.resolve("embedded");
        assertThat(Main.run(
                        "embed",
                        "--model",
                        backbone.toString(),
                        "--input",
                        tar.toString(),
                        "--output",
                        embedded.toString()))
                .isZero();
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void thePackageGivesTheProbabilitiesOfMllib() throws IOException {
        Path trained = folder.resolve("nested");
        assertThat(train(
                        "--places",
                        places,
                        "--cells",
                        coarse,
                        "--cells",
                        fine,
                        "--validation",
                        0,
                        "--regularization",
                        0.01,
                        "--label-smoothing-km",
                        0,
                        "--output",
                        trained))
                .isZero();

        Map<String, Map<String, Float>> located = located(trained);

        Map<String, double[]> ofCoarse = mllib(new int[] {0, 1, 1, 2});
        Map<String, double[]> ofFine = mllib(new int[] {0, 1, 2, 3});
        List<String> tokens = List.of("89c25", "47e67", "47fcd", "6018f");
        int[] ancestors = {0, 1, 1, 2};
        assertThat(located).hasSize(PHOTOS);
        located.forEach((id, cells) -> {
            double[] towns = Objects.requireNonNull(ofFine.get(id));
            double[] regions = Objects.requireNonNull(ofCoarse.get(id));
            double[] products = new double[tokens.size()];
            for (int cell = 0; cell < products.length; cell++) {
                products[cell] = towns[cell] * regions[ancestors[cell]];
            }
            double sum = Arrays.stream(products).sum();
            for (int cell = 0; cell < products.length; cell++) {
                assertThat((double) cells.getOrDefault(tokens.get(cell), 0f))
                        .as("probability of photo %s in %s", id, tokens.get(cell))
                        .isCloseTo(products[cell] / sum, within(1e-4));
            }
        });
    }

    @Test
    void theManifestRecordsTheTrainingAndTheTerminalShowsTheScores() throws IOException {
        Path trained = folder.resolve("told");
        assertThat(train(
                        "--places",
                        places,
                        "--cells",
                        fine,
                        "--validation",
                        0.3,
                        "--name",
                        "towns",
                        "--output",
                        trained))
                .isZero();

        ModelPackage model = ModelPackage.open(trained.toString(), new Configuration());
        assertThat(model.name()).isEqualTo("towns");
        assertThat(model.task()).isEqualTo(Task.LOCATE);
        assertThat(model.temperature()).isNotEqualTo(1);
        assertThat(model.goldens()).extracting(golden -> golden.output()).containsExactly("embedding", "logits");
        JsonNode manifest =
                new ObjectMapper().readTree(trained.resolve("manifest.json").toFile());
        assertThat(manifest.path("licence").asText()).isEqualTo("Apache-2.0");
        JsonNode training = manifest.path("training");
        assertThat(training.path("backbone").path("sha256").asText())
                .isEqualTo(ModelPackage.open(backbone.toString(), new Configuration())
                        .digest());
        assertThat(training.path("truth").asText()).isEqualTo(places.toString());
        assertThat(training.path("photos").path("embeddings").asInt()).isEqualTo(PHOTOS);
        assertThat(training.path("heads").path(0).path("classes").asInt()).isEqualTo(4);
        assertThat(training.path("validation").path("within_km").path("750").asDouble())
                .isBetween(0.5, 1.0);
        assertThat(training.path("fit").path("label_smoothing_km").asDouble()).isEqualTo(75);
        assertThat(training.path("versions").path("spark").asText()).isEqualTo(SPARK.version());
        assertThat(training.path("command_line").toString()).contains("--validation");
        assertThat(messages)
                .contains("200 photos with an embedding")
                .containsPattern("\\d+ held out, of \\d+ other users")
                .containsPattern("fine +4 +\\d+ +0 +0")
                .contains("Held out: median error")
                .contains("Temperature ")
                .contains("Wrote " + trained);
        try (Stream<Path> files = Files.list(trained)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("cells.csv", "manifest.json", "model.onnx", "preprocessor_config.json");
        }
    }

    @Test
    void trainingOnLabelsGivesAClassifier() throws IOException {
        Path trained = folder.resolve("views");

        assertThat(train("--labels", places, "--label-column", "view", "--output", trained))
                .isZero();

        ModelPackage model = ModelPackage.open(trained.toString(), new Configuration());
        assertThat(model.task()).isEqualTo(Task.CLASSIFY);
        assertThat(model.labels()).containsExactly("view 0", "view 1", "view 2", "view 3");
        assertThat(messages).containsPattern("view +4 ");
    }

    @Test
    void placesAreReadFromTheInputsAndUsersAreExcluded() throws IOException {
        // a manifest of files with their places, so that the run records them
        Path photos = Files.createDirectory(folder.resolve("files"));
        StringBuilder manifest = new StringBuilder("uri,latitude,longitude,user\n");
        for (int i = 0; i < 40; i++) {
            Color colour = i % 2 == 0 ? new Color(200, 80, 80 + i) : new Color(80 + i, 80, 200);
            Path file = Files.write(photos.resolve(i + ".png"), Photos.png(colour, 9, 8));
            manifest.append(String.format(
                    Locale.ROOT, "%s,%s,%s,author%d\n", file, PLACES[i % 2 * 3][0], PLACES[i % 2 * 3][1], i / 4));
        }
        Path table = Files.writeString(folder.resolve("files.csv"), manifest);
        Path own = folder.resolve("own");
        assertThat(Main.run(
                        "embed",
                        "--model",
                        backbone.toString(),
                        "--input",
                        table.toString(),
                        "--output",
                        own.toString(),
                        "--precision",
                        "half"))
                .isZero();
        Path users = Files.writeString(folder.resolve("users.txt"), "author0\nauthor1\n");

        assertThat(train(
                        own,
                        "--cells",
                        fine,
                        "--exclude-users",
                        users,
                        "--validation",
                        0,
                        "--min-photos",
                        5,
                        "--output",
                        folder.resolve("half")))
                .isZero();

        assertThat(messages)
                .contains(" 8 of excluded users")
                .contains(" 32 to fit on, of 8 users")
                .containsPattern("fine +2 +32 +2 +0");
    }

    @Test
    void unsuitableEmbeddingsAreRejected() throws IOException {
        Path unit = folder.resolve("unit");
        Main.run(
                "embed",
                "--model",
                backbone.toString(),
                "--input",
                tar.toString(),
                "--output",
                unit.toString(),
                "--normalize");
        Path rows = folder.resolve("rows");
        Main.run("locate", "--model", backbone.toString(), "--input", tar.toString(), "--output", rows.toString());
        Path other = TinyModels.writeDirectory(folder.resolve("other"), TinyModels.classify("a", "b"));

        assertThat(train(unit, "--places", places, "--cells", fine, "--output", folder.resolve("no1")))
                .isEqualTo(1);
        assertThat(messages).contains("they were made with --normalize");
        assertThat(train(rows, "--places", places, "--cells", fine, "--output", folder.resolve("no2")))
                .isEqualTo(1);
        assertThat(messages).contains("it holds rows of locate; give the --output of an embed run");
        assertThat(train(
                        folder.resolve("nothing"),
                        "--places",
                        places,
                        "--cells",
                        fine,
                        "--output",
                        folder.resolve("no3")))
                .isEqualTo(1);
        assertThat(messages).contains("run.json; give the --output of an embed run");
        assertThat(train("--places", places, "--cells", fine, "--model", other, "--output", folder.resolve("no4")))
                .isEqualTo(1);
        assertThat(messages)
                .contains(ModelPackage.open(backbone.toString(), new Configuration())
                        .digest())
                .contains(
                        ModelPackage.open(other.toString(), new Configuration()).digest());
    }

    @Test
    void invalidOptionsAreRejected() throws IOException {
        assertThat(train("--output", backbone, "--validation", 1, "--min-photos", 0))
                .isEqualTo(1);
        assertThat(messages)
                .contains("Give either --cells")
                .contains("held out must be from 0 to below 1")
                .contains("--min-photos must be at least 1");
        assertThat(train("--output", backbone, "--cells", fine, "--places", places))
                .isEqualTo(1);
        assertThat(messages).contains("it exists; remove it or choose another --output");
        // the run's photos were in a tar, whose sidecars only its own reader can read
        assertThat(train("--output", folder.resolve("no5"), "--cells", fine)).isEqualTo(1);
        assertThat(messages).contains("give webdataset:GLOB");
        assertThat(train(
                        "--output",
                        folder.resolve("no6"),
                        "--cells",
                        coarse,
                        "--cells",
                        fine,
                        "--cells",
                        coarse,
                        "--places",
                        places))
                .isEqualTo(1);
        assertThat(messages).contains("Cell lists must have different names");
        Path nobody = Files.writeString(folder.resolve("nobody.csv"), "id,latitude,longitude\np0,40.7,-74\n");
        Path users = Files.writeString(folder.resolve("unknown.txt"), "author0\n");
        assertThat(train(
                        "--output",
                        folder.resolve("no7"),
                        "--cells",
                        fine,
                        "--places",
                        nobody,
                        "--exclude-users",
                        users))
                .isEqualTo(1);
        assertThat(messages).contains("Cannot leave out users");
        assertThat(train("--output", folder.resolve("no8"), "--labels", nobody, "--label-smoothing-km", 65))
                .isEqualTo(1);
        assertThat(messages)
                .contains("--label-smoothing-km is for cells, whose distances are known; leave it out with --labels");
        assertThat(train("--output", folder.resolve("no9"), "--cells", fine, "--label-smoothing-km", -1))
                .isEqualTo(1);
        assertThat(messages).contains("Smoothing must be above 0 km, and at most 10000, got -1.0");
    }

    @Test
    void labelsThatKnowDistanceGiveAPackageThatSaysSo() throws IOException {
        Path made = folder.resolve("smoothed");
        assertThat(train("--output", made, "--cells", fine, "--places", places, "--label-smoothing-km", 65))
                .isZero();
        assertThat(made.resolve("manifest.json")).content().contains("\"label_smoothing_km\" : 65.0");
    }

    private int train(Object... options) {
        return train(embedded, options);
    }

    private int train(Path embeddings, Object... options) {
        List<String> line = new ArrayList<>(List.of("train", "--embeddings", embeddings.toString()));
        Arrays.stream(options).map(String::valueOf).forEach(line::add);
        JobRun run = JobRun.of(line.toArray());
        messages = run.output();
        return run.exit();
    }

    /** Returns the probabilities by photo and cell, as written by {@code locate}. */
    private static Map<String, Map<String, Float>> located(Path model) {
        Path rows = folder.resolve(model.getFileName() + "-rows");
        assertThat(Main.run(
                        "locate", "--model", model.toString(), "--input", tar.toString(), "--output", rows.toString()))
                .isZero();
        Map<String, Map<String, Float>> located = new HashMap<>();
        for (Row row : SPARK.read()
                .parquet(rows.toString())
                .where("status = 'ok'")
                .select("id", "cells")
                .collectAsList()) {
            located.put(
                    row.getString(0),
                    row.<Row>getList(1).stream()
                            .collect(Collectors.toMap(cell -> cell.getString(0), cell -> cell.getFloat(1))));
        }
        return located;
    }

    /** Returns the probabilities by photo and class of MLlib's own model of the same photos. */
    private static Map<String, double[]> mllib(int[] classes) {
        Dataset<Row> rows = SPARK.read()
                .parquet(embedded.toString())
                .where("status = 'ok'")
                .selectExpr(
                        "id",
                        "embedding",
                        String.format(Locale.ROOT, "cast(substring(id, 2) as int) %% %d as place", classes.length))
                .selectExpr(
                        "id",
                        "embedding",
                        "cast(element_at(array(%s), place + 1) as double) as label"
                                .formatted(Arrays.stream(classes)
                                        .mapToObj(String::valueOf)
                                        .collect(Collectors.joining(", "))))
                .withColumn("features", functions.array_to_vector(org.apache.spark.sql.functions.col("embedding")))
                .coalesce(1);
        Map<String, double[]> probabilities = new HashMap<>();
        for (Row row : new LogisticRegression()
                .setFamily("multinomial")
                .setRegParam(0.01)
                .fit(rows)
                .transform(rows)
                .select("id", "probability")
                .collectAsList()) {
            probabilities.put(row.getString(0), ((Vector) row.get(1)).toArray());
        }
        return probabilities;
    }
}
