package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
    void scoresAnswersByGreatCircleDistance() throws IOException {
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
        // 0, 877.46, 5.06 and 10.63 km (great_circles.py); the middle two are Fiji's across the date line and London's
        assertThat(metrics.get("median_km").asDouble()).isCloseTo((5.0646 + 10.6336) / 2, within(0.001));
        assertThat(metrics.get("within_km").toString())
                .isEqualTo("{\"1\":0.25,\"25\":0.75,\"200\":0.75,\"750\":0.75,\"2500\":1.0}");
        assertThat(metrics.get("within_km_95").get("2500").toString()).isEqualTo("[1.0,1.0]");
        assertThat(metrics.get("median_km_95").get(1).asDouble()).isCloseTo(877.4633, within(0.001));
        assertThat(printed.toString()).contains("25 km    75.0 %").contains("Wrote ");
    }

    @Test
    void photosWithoutAnswerAreWrongAndPhotosWithoutTruthOnlyCounted() throws IOException {
        batch(
                0,
                row("right", "ok", 10.0, 10.0),
                row("broken", "truncated", null, null),
                row("unknown", "ok", 0.0, 0.0),
                row("nowhere", "ok", 0.0, 0.0));
        truth("id,latitude,longitude", "right,10,10", "broken,10,10", "nowhere,91,0", "elsewhere,10,10");

        JsonNode metrics = evaluate();

        assertThat(metrics.get("n").asInt()).isEqualTo(2);
        assertThat(metrics.get("unanswered").asInt()).isEqualTo(1);
        assertThat(metrics.get("photos_without_truth").asInt()).isEqualTo(2);
        assertThat(metrics.get("truth_without_photo").asInt()).isEqualTo(1);
        assertThat(metrics.get("within_km").get("2500").asDouble()).isEqualTo(0.5);
        assertThat(metrics.get("median_km").isNull()).isTrue();
        assertThat(printed.toString())
                .contains("2 photos with a true place, 1 of them unanswered")
                .contains("2 photos without a true place, 1 true places without a photo");
    }

    @Test
    void fileNamesMeetAcrossFoldersAndTars() throws IOException {
        batch(0, row("tar/eiffel", "ok", 48.8584, 2.2945), row("album/big.ben.jpg", "ok", 51.5007, -0.1246));
        truth("file,LAT,LON", "photos/eiffel.jpg,48.8584,2.2945", "big.png,51.5007,-0.1246");

        assertThat(evaluate().get("within_km").get("1").asDouble()).isEqualTo(1);
    }

    @Test
    void thePhotosOwnGpsIsTruth() throws IOException {
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
    void namesThatStandTwiceOnOneSideAreRefused() throws IOException {
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
    void sidesThatDoNotMeetAndTablesOfAnotherKindAreRefused() throws IOException {
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

    /** A JPEG of nothing but a GPS directory (Exif 2.32, section 4.6.6), in degrees and minutes. */
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
