package io.planisphere.jobs;

import io.planisphere.source.GivenPath;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/** A text file with one label per line, in the order of a network's scores; empty lines do not count. */
final class LabelsFile {
    /** Maximum number of classes. */
    static final int MOST = 1_000_000;

    private LabelsFile() {}

    static List<String> read(String file, Configuration hadoop) throws IOException {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(GivenPath.of("--labels", file, hadoop).open(), StandardCharsets.UTF_8))) {
            List<String> labels = lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (labels.isEmpty() || labels.size() > MOST) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "--labels %s names %d labels; a network takes 1 to %d",
                        file,
                        labels.size(),
                        MOST));
            }
            return labels;
        } catch (FileNotFoundException e) {
            throw new IllegalArgumentException("Cannot read labels from " + file + ": there is no such file", e);
        }
    }
}
