package io.planisphere.clusters;

import io.planisphere.source.Photos;
import io.planisphere.source.Tars;
import java.awt.Color;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** A folder with everything that the README's commands use: a checkout, photos, places and a backbone. */
record ReadmeFolder(Path folder) {
    static final int SAMPLES = 36;
    static final int TEST_PHOTOS = 42;

    private static final int TRAIN_PHOTOS = 600;

    /** A place where photos are taken: its number of place records, and the colour of its photos. */
    private record Town(String continent, double latitude, double longitude, int places, Color color) {}

    // enough that the three partitions of the README differ: at most 5000, 2000 and 1000 places per cell
    private static final List<Town> TOWNS = List.of(
            new Town("Europe", 48.9, 2.4, 2600, new Color(60, 160, 60)),
            new Town("North America", 40.7, -74.0, 1500, new Color(170, 50, 50)),
            new Town("Asia", 35.7, 139.7, 700, new Color(50, 60, 180)));

    static ReadmeFolder written(Path folder) throws IOException {
        ReadmeFolder inputs = new ReadmeFolder(folder);
        for (String part : List.of("jobs", "target")) {
            Files.createSymbolicLink(folder.resolve(part), Path.of(part).toAbsolutePath());
        }
        Files.createDirectories(folder.resolve("conf"));
        for (String file : List.of("spark-defaults.conf", "log4j2.properties")) {
            Files.copy(Path.of("conf", file), folder.resolve("conf").resolve(file));
        }
        ModelFolder.copied(folder.resolve("backbone"));
        inputs.writeSamples();
        inputs.writeTowns();
        return inputs;
    }

    /** Writes the sample photos as files in a folder and in two tars. */
    private void writeSamples() throws IOException {
        Files.createDirectories(folder.resolve("photos"));
        Path alone = Files.createDirectories(folder.resolve("folder"));
        List<Path> samples = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/samples/earth"))) {
            files.sorted().forEach(samples::add);
        }
        for (int half = 0; half < 2; half++) {
            Tars tar = new Tars();
            for (int i = half; i < samples.size(); i += 2) {
                Path sample = samples.get(i);
                tar.with(sample.getFileName().toString(), Files.readAllBytes(sample));
                Files.copy(sample, alone.resolve(sample.getFileName()));
            }
            Files.write(folder.resolve("photos/" + half + ".tar"), tar.bytes());
        }
    }

    private void writeTowns() throws IOException {
        Random random = new Random(11);
        StringBuilder table = new StringBuilder("id,user,latitude,longitude,continent\n");
        Tars train = new Tars();
        Tars test = new Tars();
        int id = 0;
        for (Town town : TOWNS) {
            for (int i = 0; i < town.places; i++, id++) {
                table.append(String.format(
                        Locale.ROOT,
                        "p%d,user%d,%.4f,%.4f,%s%n",
                        id,
                        id / 5,
                        town.latitude + random.nextGaussian() * 2,
                        town.longitude + random.nextGaussian() * 2,
                        town.continent));
                if (i < TRAIN_PHOTOS / TOWNS.size()) {
                    train.with("p" + id + ".png", photo(town.color, random));
                } else if (i >= town.places - TEST_PHOTOS / TOWNS.size()) {
                    test.with("p" + id + ".png", photo(town.color, random));
                }
            }
        }
        Files.writeString(folder.resolve("places.csv"), table);
        Files.createDirectories(folder.resolve("train"));
        Files.createDirectories(folder.resolve("test"));
        Files.write(folder.resolve("train/0.tar"), train.bytes());
        Files.write(folder.resolve("test/0.tar"), test.bytes());
    }

    private static byte[] photo(Color color, Random random) {
        return Photos.png(
                new Color(
                        color.getRed() + random.nextInt(50),
                        color.getGreen() + random.nextInt(50),
                        color.getBlue() + random.nextInt(50)),
                32,
                24);
    }

    /** Copies the tars of samples into a store. */
    void copyTarsTo(String uri, Configuration hadoop) throws IOException {
        try (FileSystem store = FileSystem.newInstance(URI.create(uri), hadoop)) {
            store.copyFromLocalFile(
                    new org.apache.hadoop.fs.Path(folder.resolve("photos").toUri()),
                    new org.apache.hadoop.fs.Path(uri));
        }
    }

    /** Appends to the defaults that apply to all jobs unless their command line overrides them. */
    void addDefaults(List<String> settings) throws IOException {
        Path file = folder.resolve("conf/spark-defaults.conf");
        StringBuilder text = new StringBuilder(Files.readString(file));
        for (String setting : settings) {
            text.append(setting.replaceFirst("=", " ")).append('\n');
        }
        Files.writeString(file, text);
    }
}
