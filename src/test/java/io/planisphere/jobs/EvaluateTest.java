package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.geo.LatLng;
import io.planisphere.spark.LocalSpark;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluateTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final StructType ROWS =
            StructType.fromDDL("id string, uri string, status string, latitude double, longitude double");

    private final StringWriter printed = new StringWriter();
    private Path folder;
    private Path predictions;

    @BeforeEach
    void startIn(@TempDir Path temporary) {
        folder = temporary;
        predictions = folder.resolve("rows");
    }

    @Test
    void predictionsAreScoredByGreatCircleDistance() throws IOException {
        batch(0, row("berlin", "ok", 52.52, 13.405), row("paris", "ok", 48.8566, 2.3522));
        batch(1, row("london", "ok", 51.5074, -0.1278), row("fiji", "ok", -17.0, 179.95));
        truth(
                "id,latitude,longitude",
                "berlin,52.52,13.405",
                "paris,52.52,13.405",
                "london,51.5,-0.2",
                "fiji,-17,-179.95");

        JsonNode metrics = evaluate();

        assertThat(metrics.get("n").asInt()).isEqualTo(4);
        // 0, 877.46, 5.06 and 10.63 km (great_circles.py); the two in the middle of the order are Fiji's across the
        // date line and London's
        assertThat(metrics.get("median_km").asDouble()).isCloseTo((5.0646 + 10.6336) / 2, within(0.001));
        assertThat(metrics.get("within_km").toString())
                .isEqualTo("{\"1\":0.25,\"25\":0.75,\"200\":0.75,\"750\":0.75,\"2500\":1.0}");
        assertThat(metrics.get("within_km_95").get("2500").toString()).isEqualTo("[1.0,1.0]");
        assertThat(metrics.get("median_km_95").get(1).asDouble()).isCloseTo(877.4633, within(0.001));
        assertThat(printed.toString())
                .containsPattern("all +4 +25.0 % +75.0 % +75.0 % +75.0 % +100.0 % +7.8 km")
                .contains("Wrote ");
    }

    @Test
    void photosWithoutPredictionAreWrongAndThoseWithoutTruthAreCounted() throws IOException {
        batch(
                0,
                row("right", "ok", 10.0, 10.0),
                row("broken", "truncated", null, null),
                row("unknown", "ok", 0.0, 0.0),
                row("nowhere", "ok", 0.0, 0.0));
        truth("id,latitude,longitude", "right,10,10", "broken,10,10", "nowhere,91,0", "elsewhere,10,10");

        JsonNode metrics = evaluate();

        assertThat(metrics.get("n").asInt()).isEqualTo(2);
        assertThat(metrics.get("without_prediction").asInt()).isEqualTo(1);
        assertThat(metrics.get("photos_without_truth").asInt()).isEqualTo(2);
        assertThat(metrics.get("truth_without_photo").asInt()).isEqualTo(1);
        assertThat(metrics.get("within_km").get("2500").asDouble()).isEqualTo(0.5);
        assertThat(metrics.get("median_km").isNull()).isTrue();
        assertThat(printed.toString())
                .contains("2 photos with a true place, 1 of them without a prediction")
                .contains("2 photos without a true place, 1 true places without a photo");
    }

    @Test
    void fileNamesMatchAcrossFoldersAndTars() throws IOException {
        batch(0, row("tar/eiffel", "ok", 48.8584, 2.2945), row("album/big.ben.jpg", "ok", 51.5007, -0.1246));
        truth("file,LAT,LON", "photos/eiffel.jpg,48.8584,2.2945", "big.png,51.5007,-0.1246");

        assertThat(evaluate().get("within_km").get("1").asDouble()).isEqualTo(1);
    }

    @Test
    void exifGpsIsGroundTruth() throws IOException {
        batch(0, row("lima.jpg", "ok", -12.05, -77.05), row("no-gps.jpg", "ok", 0.0, 0.0));
        Path photos = folder.resolve("photos [1]");
        Files.createDirectories(photos.resolve("peru"));
        Files.write(photos.resolve("peru/lima.jpg"), jpegWithGps('S', 12, 3, 'W', 77, 3));
        Files.write(photos.resolve("no-gps.jpg"), new byte[] {1, 2, 3});
        Files.writeString(photos.resolve("notes.txt"), "no photo");

        JsonNode metrics = evaluate("--truth", "exif:" + photos);

        assertThat(metrics.get("n").asInt()).isEqualTo(1);
        assertThat(metrics.get("photos_without_truth").asInt()).isEqualTo(1);
        assertThat(metrics.get("within_km").get("1").asDouble()).isEqualTo(1);
    }

    @Test
    void duplicateNamesAreRejected() throws IOException {
        batch(0, row("x/a.jpg", "ok", 1.0, 1.0), row("y/a.jpg", "ok", 1.0, 1.0));
        truth("file,latitude,longitude", "a.jpg,1,1");

        assertThatThrownBy(this::evaluate)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("predictions name a photo more than once by name: a (2 times)")
                .hasMessageContaining("match by another one of id, uri, name");

        truth("id,latitude,longitude", "x/a.jpg,1,1", "x/a.jpg,2,2");
        assertThatThrownBy(this::evaluate)
                .hasMessageContaining("truth name a photo more than once by id: x/a.jpg (2 times)");
    }

    @Test
    void unmatchedPhotosAndTablesOfAnotherKindAreRejected() throws IOException {
        batch(0, row("a", "ok", 1.0, 1.0));
        truth("id,latitude,longitude", "b,1,1");
        assertThatThrownBy(this::evaluate)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("1 photos and 1 places do not meet")
                .hasMessageContaining("--match");

        truth("photo,latitude,longitude", "a,1,1");
        assertThatThrownBy(this::evaluate)
                .hasMessageContaining(
                        "no column id or photo_id or img_id among photo, latitude, longitude; name it with --photo-column");
        assertThatThrownBy(() -> evaluate("--photo-column", "picture")).hasMessageContaining("picture");
        assertThat(evaluate("--photo-column", "photo").get("n").asInt()).isEqualTo(1);

        truth("id,latitude,longitude", "a,1,1");
        predictions = folder.resolve("other");
        SPARK.range(3).write().parquet(predictions.toString());
        assertThatThrownBy(this::evaluate).hasMessageContaining("give the --output of a locate run");
        predictions = folder.resolve("nowhere");
        assertThatThrownBy(this::evaluate).hasMessageContaining("nowhere: there is nothing");
    }

    @Test
    void intervalsAreByUserIfUsersAreKnown() throws IOException {
        List<Row> rows = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(row("p" + i, "ok", i < 20 ? 10.0 : 40.0, 10.0));
            places.add("p" + i + ",10,10,u" + i / 20);
        }
        batch(0, rows.toArray(Row[]::new));
        truth("id,latitude,longitude,author", places.toArray(String[]::new));

        JsonNode byUser = evaluate();

        assertThat(byUser.get("users").asInt()).isEqualTo(2);
        assertThat(byUser.get("intervals_by").asText()).isEqualTo("user");
        assertThat(byUser.get("within_km_95").get("25").toString()).isEqualTo("[0.0,1.0]");
        assertThat(printed.toString()).contains("Intervals of 95 % by user: 2 of them");

        truth("id,latitude,longitude,nobody", places.toArray(String[]::new));
        JsonNode byPhoto = evaluate();

        assertThat(byPhoto.get("users").asInt()).isEqualTo(40);
        assertThat(byPhoto.get("photos_without_user").asInt()).isEqualTo(40);
        assertThat(byPhoto.get("intervals_by").asText()).isEqualTo("photo");
        assertThat(byPhoto.get("within_km_95").get("25").get(0).asDouble()).isBetween(0.25, 0.45);
        assertThat(printed.toString()).contains("by photo, for no user is known");
    }

    @Test
    void photosOfExcludedUsersAreSkippedAndCounted() throws IOException {
        batch(0, row("a", "ok", 1.0, 1.0), row("b", "ok", 1.0, 1.0), row("c", "ok", 1.0, 1.0));
        truth("id,latitude,longitude,user", "a,1,1,7@N00", "b,1,1,8@N00", "c,50,50,", "d,1,1,7@N00");
        Path users = folder.resolve("users.txt");
        Files.writeString(users, "\uFEFF# of the training set\r\n\n  7@N00\t\r\n9@N00\n7@N00\n");

        JsonNode metrics = evaluate("--exclude-users", users.toString());

        assertThat(metrics.get("n").asInt()).isEqualTo(2);
        assertThat(metrics.get("excluded_photos").asInt()).isEqualTo(1);
        assertThat(metrics.get("truth_without_photo").asInt()).isZero();
        assertThat(metrics.get("within_km").get("1").asDouble()).isEqualTo(0.5);
        assertThat(printed.toString())
                .contains("1 photos left out because of who took them")
                .contains("1 photos of unknown users, each taken for a user of its own");

        Files.writeString(users, "# nobody\n");
        assertThatThrownBy(() -> evaluate("--exclude-users", users.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("users.txt: it names none");
        Files.writeString(users, "7@N00\n");
        truth("id,latitude,longitude", "a,1,1");
        assertThatThrownBy(() -> evaluate("--exclude-users", users.toString()))
                .hasMessageContaining("Cannot leave out users: the truth knows none")
                .hasMessageContaining("--user-column");
    }

    @Test
    void twoRunsAreComparedOverTheirCommonPhotos() throws IOException {
        batch(0, row("a", "ok", 1.0, 1.0), row("b", "ok", 1.0, 1.0), row("here", "ok", 1.0, 1.0));
        Path first = predictions;
        predictions = folder.resolve("other");
        batch(0, row("a", "ok", 1.0, 1.0), row("b", "truncated", null, null), row("there", "ok", 1.0, 1.0));
        Path other = predictions;
        predictions = first;
        truth("id,latitude,longitude", "a,1,1", "b,1,1", "here,1,1", "there,1,1", "neither,1,1");

        JsonNode metrics = evaluate("--compare", other.toString());

        assertThat(metrics.get("n").asInt()).isEqualTo(3);
        JsonNode comparison = metrics.get("comparison");
        assertThat(comparison.get("photos_only_here").asInt()).isEqualTo(1);
        assertThat(comparison.get("photos_only_there").asInt()).isEqualTo(1);
        assertThat(comparison.get("this").get("n").asInt()).isEqualTo(2);
        assertThat(comparison.get("difference").get("within_km").get("1").asDouble())
                .isEqualTo(0.5);
        assertThat(comparison.get("difference").get("within_km_95").get("1").toString())
                .isEqualTo("[0.0,1.0]");
        assertThat(folder.resolve("scores/comparison.csv")).content().contains("\ndifference,2,2,");

        truth("id,latitude,longitude", "here,1,1");
        assertThatThrownBy(() -> evaluate("--compare", other.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("give runs over the same photos");
    }

    @Test
    void scoresAreGroupedByColumnsOfTheTruthAndOfTheRows() throws IOException {
        batch(0, row("berlin", "ok", 52.5, 13.4), row("lima", "ok", 0.0, 0.0), row("rome", "truncated", null, null));
        truth(
                "id,latitude,longitude,Scene,x.y",
                "berlin,52.52,13.405,\"city, old\",1",
                "lima,-12.05,-77.04,,2",
                "rome,41.9,12.5,forest,2");

        JsonNode by =
                evaluate("--by", "continent,cell", "--by", "scene,x.y,status").get("by");

        assertThat(by.get("continent").findValuesAsText("name")).containsExactly("Europe", "South America");
        assertThat(by.get("continent").get(0).get("within_km").get("25").asDouble())
                .isEqualTo(0.5);
        assertThat(by.get("continent").get(0).get("median_km_95").isNull())
                .as("two users are too few for an interval")
                .isTrue();
        // by s2sphere 0.2.5: CellId.from_lat_lng(…).parent(4).to_token()
        assertThat(by.get("cell").findValuesAsText("name")).containsExactlyInAnyOrder("47b", "911", "133");
        assertThat(by.get("scene").findValuesAsText("name")).containsExactly("(none)", "city, old", "forest");
        assertThat(by.get("x.y").findValuesAsText("name")).containsExactly("2", "1");
        assertThat(by.get("status").findValuesAsText("name")).containsExactly("ok", "truncated");
        assertThat(folder.resolve("scores/by_scene.csv")).content().contains("\n\"city, old\",1,1,");
        assertThatThrownBy(() -> evaluate("--by", "weather"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Cannot break down by weather");
    }

    @Test
    void thePerfectClassifierPredictsTheMeanOfItsCell() throws IOException {
        Path cells = folder.resolve("cells.csv");
        Files.writeString(
                cells, "class_label,hex_id,imgs_per_cell,latitude_mean,longitude_mean\n0,47b,9,52,13\n1,133,9,41,12\n");
        batch(0, row("berlin", "ok", 0.0, 0.0), row("rome", "ok", 0.0, 0.0), row("bari", "ok", 0.0, 0.0));
        truth("id,latitude,longitude", "berlin,52.52,13.405", "rome,41.9,12.5", "bari,41.13,16.87");

        JsonNode perfect = evaluate("--cells", cells.toString()).get("perfect_classifier");

        // by great_circles.py's formula: Berlin 64.055 km, Rome 108.405 km, Bari to 41, 12 408.489 km
        assertThat(perfect.get("median_km").asDouble()).isCloseTo(108.4045, within(0.001));
        assertThat(perfect.get("mean_km").asDouble()).isCloseTo((64.0552 + 108.4045 + 408.4890) / 3, within(0.001));
        assertThat(evaluate("--cells", "builtin:earth")
                        .get("perfect_classifier")
                        .get("n")
                        .asInt())
                .isEqualTo(3);
        assertThatThrownBy(() -> evaluate("--cells", folder + "/none.csv", "--exclude-users", folder + "/none.txt"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Cannot read cells from")
                .hasMessageContaining("Cannot read users from");
        assertThatThrownBy(() -> evaluate("--cells", "builtin:moon")).hasMessageContaining("builtin:moon");
    }

    @Test
    void withheldPlacesAreNoPredictionsAndConfidenceIsScoredByCell() throws IOException {
        StructType rows = ROWS.add("cell", "string")
                .add("confidence", "float")
                .add("radius_km", "float")
                .add("radius90_km", "float");
        List<Row> all = List.of(
                RowFactory.create("right", "u", "ok", 52.5, 13.4, "47b", 0.75f, 50f, 60f),
                RowFactory.create("wrong", "u", "ok", 0.0, 0.0, "1", 0.75f, 50f, 6000f),
                RowFactory.create("spoilt", "u", "ok", 0.0, 0.0, "", 0.25f, 9000f, 9000f),
                RowFactory.create("withheld", "u", "ok", null, null, null, 0.05f, null, null),
                RowFactory.create("broken", "u", "empty", null, null, null, null, null, null));
        SPARK.createDataFrame(all, rows)
                .write()
                .parquet(predictions.resolve("batch=0").toString());
        truth(
                "id,latitude,longitude",
                "right,52.5,13.4",
                "wrong,52.5,13.4",
                "spoilt,52.5,13.4",
                "withheld,52.5,13.4",
                "broken,52.5,13.4");

        JsonNode metrics = evaluate();

        assertThat(metrics.get("without_prediction").asInt()).isEqualTo(2);
        assertThat(metrics.get("withheld").asInt()).isEqualTo(1);
        assertThat(metrics.get("share_predicted").asDouble()).isEqualTo(0.6);
        assertThat(metrics.get("within_km").get("1").asDouble()).isEqualTo(0.2);
        assertThat(metrics.get("predicted").get("within_km").get("1").asDouble())
                .isCloseTo(1 / 3.0, within(1e-12));
        assertThat(metrics.get("reliability").get("bins").findValuesAsText("in_cell"))
                .containsExactly("0.0", "0.5");
        assertThat(metrics.get("reliability").get("expected_calibration_error").asDouble())
                .isCloseTo(0.25, within(1e-9));
        assertThat(metrics.get("radius_coverage").asDouble()).isCloseTo(2 / 3.0, within(1e-12));
        // the second photo is 5,994 km from its place
        assertThat(metrics.get("radius90_coverage").asDouble()).isEqualTo(1);
        assertThat(folder.resolve("scores/radius_coverage.csv"))
                .content()
                .startsWith("by,group,n,radius_coverage,radius_coverage_low,radius_coverage_high,radius90_coverage,")
                .contains("\n,all,5,0.666");
        assertThat(metrics.get("tables").toString())
                .isEqualTo("[\"overall.csv\",\"by_confidence.csv\",\"reliability.csv\",\"radius_coverage.csv\"]");
        assertThat(folder.resolve("scores/reliability.csv"))
                .content()
                .startsWith("low,high,n,mean_confidence,in_cell,in_cell_low,in_cell_high\n0.2,0.3,1,0.25,0.0,,\n");
    }

    /** Chance level is the score of predictions compared with the places of all other photos. */
    @Test
    void aPlantedSignalIsFoundAndShuffledPredictionsScoreAtChance() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        int photos = 600;
        List<LatLng> places = random.doubles(photos)
                .mapToObj(u -> new LatLng(60 * u, 360 * random.nextDouble() - 180))
                .toList();
        List<Row> planted = new ArrayList<>();
        List<Row> shuffled = new ArrayList<>();
        List<String> truth = new ArrayList<>();
        double chance = 0;
        for (int i = 0; i < photos; i++) {
            LatLng right = places.get(i);
            LatLng another = places.get((i + 1 + random.nextInt(photos - 1)) % photos);
            LatLng predicted = i % 5 < 2 ? right : another;
            planted.add(row("p" + i, "ok", predicted.latitude(), predicted.longitude()));
            shuffled.add(row("p" + i, "ok", another.latitude(), another.longitude()));
            truth.add(String.format(Locale.ROOT, "p%d,%s,%s,u%d", i, right.latitude(), right.longitude(), i / 3));
            chance += places.stream()
                            .filter(each -> !each.equals(right) && each.distanceKm(right) <= 2500)
                            .count()
                    / (photos - 1.0)
                    / photos;
        }
        truth("id,latitude,longitude,user", truth.toArray(String[]::new));
        batch(0, shuffled.toArray(Row[]::new));
        Path atChance = predictions;
        predictions = folder.resolve("planted");
        batch(0, planted.toArray(Row[]::new));

        JsonNode metrics = evaluate("--compare", atChance.toString());

        assertThat(metrics.get("within_km").get("1").asDouble()).isCloseTo(0.4, within(0.005));
        JsonNode other =
                metrics.get("comparison").get("other").get("within_km_95").get("2500");
        assertThat(chance)
                .isBetween(other.get(0).asDouble(), other.get(1).asDouble())
                .isBetween(0.02, 0.2);
        assertThat(metrics.get("comparison")
                        .get("difference")
                        .get("within_km_95")
                        .get("2500")
                        .get(0)
                        .asDouble())
                .isGreaterThan(0.25);
    }

    private JsonNode evaluate(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--predictions",
                predictions.toString(),
                "--output",
                folder.resolve("scores").toString()));
        if (!List.of(more).contains("--truth")) {
            arguments.addAll(List.of("--truth", folder.resolve("truth.csv").toString()));
        }
        arguments.addAll(List.of(more));
        Evaluate evaluate = new Evaluate();
        new CommandLine(evaluate).setOut(new PrintWriter(printed)).parseArgs(arguments.toArray(String[]::new));

        assertThat(evaluate.call()).isZero();

        return new ObjectMapper().readTree(folder.resolve("scores/metrics.json").toFile());
    }

    private void batch(int number, Row... rows) {
        SPARK.createDataFrame(List.of(rows), ROWS)
                .write()
                .parquet(predictions.resolve("batch=" + number).toString());
    }

    private static Row row(String id, String status, @Nullable Double latitude, @Nullable Double longitude) {
        return RowFactory.create(id, "file:/photos/" + id, status, latitude, longitude);
    }

    /** Returns a JPEG that contains only a GPS directory (Exif 2.32, section 4.6.6), in degrees and minutes. */
    private static byte[] jpegWithGps(
            char north, int latitude, int minutes, char east, int longitude, int moreMinutes) {
        int gps = 26;
        int latitudeValues = 80;
        int longitudeValues = latitudeValues + 24;
        ByteBuffer tiff = ByteBuffer.allocate(longitudeValues + 24);
        tiff.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
        tiff.putShort((short) 1);
        entry(tiff, 0x8825, 4, 1, gps).putInt(0);
        tiff.putShort((short) 4);
        entry(tiff, 1, 2, 2, north << 24);
        entry(tiff, 2, 5, 3, latitudeValues);
        entry(tiff, 3, 2, 2, east << 24);
        entry(tiff, 4, 5, 3, longitudeValues).putInt(0);
        for (int value : new int[] {latitude, minutes, 0, longitude, moreMinutes, 0}) {
            tiff.putInt(value).putInt(1);
        }
        byte[] exif = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
        int length = 2 + exif.length + tiff.capacity();
        return ByteBuffer.allocate(4 + length + 2)
                .putInt(0xFFD8FFE1)
                .putShort((short) length)
                .put(exif)
                .put(tiff.array())
                .putShort((short) 0xFFD9)
                .array();
    }

    private static ByteBuffer entry(ByteBuffer tiff, int tag, int type, int count, int value) {
        return tiff.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
    }

    private void truth(String header, String... rows) throws IOException {
        Files.writeString(folder.resolve("truth.csv"), header + "\n" + String.join("\n", rows) + "\n");
    }
}
