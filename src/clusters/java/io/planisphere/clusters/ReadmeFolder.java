package io.planisphere.clusters;

import io.planisphere.source.Tars;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** A folder with everything that the README's commands use: a checkout and photos. */
record ReadmeFolder(Path folder) {
    static final int SAMPLES = 36;

    static ReadmeFolder written(Path folder) throws IOException {
        ReadmeFolder inputs = new ReadmeFolder(folder);
        for (String part : List.of("jobs", "src", "target")) {
            Files.createSymbolicLink(folder.resolve(part), Path.of(part).toAbsolutePath());
        }
        Files.createDirectories(folder.resolve("conf"));
        for (String file : List.of("spark-defaults.conf", "log4j2.properties")) {
            Files.copy(Path.of("conf", file), folder.resolve("conf").resolve(file));
        }
        inputs.writeSamples();
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
