package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.JobRun;
import io.planisphere.infer.Session;
import io.planisphere.model.TinyModels;
import io.planisphere.source.Photos;
import io.planisphere.spark.LocalSpark;
import java.awt.Color;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs jobs on machines with Arabic digits and a time zone of 5:45 hours, or with the Turkish dotless i and a time zone of 3:30
 * hours with summer time. Their output must not depend on the language, and its times are in UTC.
 */
class LocaleTest {
    private static final SparkSession SPARK = LocalSpark.session();
    private static final String SESSION_TIME_ZONE = "spark.sql.session.timeZone";

    /**
     * Matches times and rates, which differ between any two runs, in both notations of a small number; it does not match digits
     * of other locales.
     */
    private static final String MEASURED = "[0-9]+([.,][0-9]+)*(E-?[0-9]+)?";

    private final Locale usualLocale = Locale.getDefault();
    private final TimeZone usualTimeZone = TimeZone.getDefault();
    private Path folder;
    private Path model;
    private String stdout = "";

    @BeforeEach
    void startIn(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        writePhotos();
        writeManifest();
        writePlaces();
        SPARK.conf().unset(SESSION_TIME_ZONE);
    }

    @AfterEach
    void restore() {
        Locale.setDefault(usualLocale);
        TimeZone.setDefault(usualTimeZone);
        SPARK.conf().set(SESSION_TIME_ZONE, "UTC");
    }

    @AfterAll
    static void stop() {
        Session.closeShared();
    }

    @Test
    void outputIsByteIdenticalInEveryLocaleAndTimeZone() throws IOException {
        Map<String, String> expected = writtenIn("", "", "UTC");

        assertThat(expected)
                .containsKeys("cells/cells_1_200.csv", "scores/metrics.json", "scores/by_user.csv", "map.geojson");
        assertThat(expected.get("stdout"))
                .contains("# photos, # rows: # missing # ok # truncated", "places read", "cells drawn", "# km");
        assertThat(expected.get("rows"))
                .contains("Pixels of 2700000 bytes from byte 54, but it ends after 54")
                .contains("Ends after 110 bytes, but strip or tile 0 takes 90000 bytes from 8");
        assertThat(expected.get("plan")).contains("2024-03-31T01:30:00", "2024-03-10T02:10:00");
        assertThat(writtenIn("ar", "EG", "Asia/Kathmandu")).isEqualTo(expected);
        assertThat(writtenIn("tr", "TR", "America/St_Johns")).isEqualTo(expected);
    }

    /** Returns the messages and files of jobs, by file; rows as lines of JSON. */
    private Map<String, String> writtenIn(String language, String country, String timeZone) throws IOException {
        Locale.setDefault(new Locale(language, country));
        TimeZone.setDefault(TimeZone.getTimeZone(timeZone));
        Path output = folder.resolve("out");
        FileUtils.deleteDirectory(output.toFile());
        SPARK.conf().unset(SESSION_TIME_ZONE);
        stdout = "";

        // words that are compared case-insensitively contain an i, whose upper case is not I in Turkish
        run("locate --model %s --input %s/DATED.PARQUET --output %s/rows --device CPU"
                .formatted(model, folder, output));
        run("evaluate --predictions %2$s/rows --truth %1$s/PLACES.TSV --match ID --output %2$s/scores --by user"
                .formatted(folder, output));
        run("cells --input %s/PLACES.TSV --t-min 1 --t-max 1000,200 --output %s/cells".formatted(folder, output));
        run("map --run %1$s/rows --output %1$s/map.geojson".formatted(output));

        Map<String, String> written = new TreeMap<>();
        written.put("stdout", stdout.replaceAll(MEASURED, "#").replaceAll(" +", " "));
        written.put("rows", rows(output.resolve("rows")));
        written.put("plan", rows(output.resolve("rows/_run/plan")));
        Path record = output.resolve("rows/_run/run.json");
        written.put("run.json", Files.readString(record).replaceAll(MEASURED, "#"));
        for (Path file : files(output)) {
            if (file.toString().matches(".*\\.(csv|geojson)|.*/metrics\\.json")) {
                written.put(output.relativize(file).toString(), Files.readString(file));
            }
        }
        return written;
    }

    private void run(String line) {
        JobRun run = JobRun.of((Object[]) line.split(" "));
        assertThat(run.exit()).as(line).isZero();
        stdout += run.out();
    }

    private static String rows(Path folder) {
        return SPARK
                .read()
                .option("recursiveFileLookup", true)
                .parquet(folder.toString())
                .toJSON()
                .collectAsList()
                .stream()
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void writePhotos() throws IOException {
        ByteBuffer bmp = ByteBuffer.allocate(54).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put(0, new byte[] {'B', 'M'}).putInt(10, 54).putInt(14, 40);
        bmp.putInt(18, 1200).putInt(22, 750).putShort(26, (short) 1).putShort(28, (short) 24);
        int[][] tags = {{256, 300}, {257, 300}, {258, 8}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {279, 10}};
        ByteBuffer tiff = ByteBuffer.allocate(14 + 12 * tags.length).order(ByteOrder.LITTLE_ENDIAN);
        tiff.put(new byte[] {'I', 'I', 42, 0}).putInt(8).putShort((short) tags.length);
        for (int[] tag : tags) {
            tiff.putShort((short) tag[0]).putShort((short) 4).putInt(1).putInt(tag[1]);
        }
        Files.write(folder.resolve("BIKINI.BMP"), bmp.array());
        Files.write(folder.resolve("MIDI.TIF"), tiff.array());
        Files.write(folder.resolve("RIGA.PNG"), Photos.png(Color.RED, 1200, 900));
    }

    /** Writes timestamps, which another time zone would show as other times. */
    private void writeManifest() throws IOException {
        String photo = "('%s', '%1$s', 'I', timestamp '%2$s')";
        SPARK.sql("SELECT * FROM VALUES "
                        + String.join(
                                ", ",
                                String.format(Locale.ROOT, photo, "BIKINI.BMP", "2024-03-31 01:30:00Z"),
                                String.format(Locale.ROOT, photo, "MIDI.TIF", "2024-03-10 02:10:00Z"),
                                String.format(Locale.ROOT, photo, "RIGA.PNG", "2024-03-10 03:10:00Z"),
                                String.format(Locale.ROOT, photo, "missing.png", "2024-11-03 01:10:00Z"))
                        + " AS photos(ID, URI, USER_ID, TAKEN)")
                .coalesce(1)
                .write()
                .parquet(folder.resolve("written").toString());
        Path written = files(folder.resolve("written")).stream()
                .filter(file -> file.toString().endsWith(".parquet"))
                .findFirst()
                .orElseThrow();
        Files.move(written, folder.resolve("DATED.PARQUET"));
    }

    private void writePlaces() throws IOException {
        Random random = new Random(7);
        List<String> lines = new ArrayList<>(List.of("ID\tLATITUDE\tLONGITUDE\tUSER_ID"));
        lines.add("RIGA.PNG\t40.7\t-74.01\tI");
        lines.add("MIDI.TIF\t-17.5\t178.1\tI");
        for (int i = 0; i < 1500; i++) {
            lines.add(String.format(
                    Locale.ROOT,
                    "place%d\t%.4f\t%.4f\tuser%d",
                    i,
                    40 + random.nextGaussian(),
                    -74 + random.nextGaussian(),
                    i % 7));
        }
        Files.write(folder.resolve("PLACES.TSV"), lines);
    }
}
