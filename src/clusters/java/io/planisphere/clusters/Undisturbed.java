package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.clusters.JobProcess.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.network.util.JavaUtils;

/** A collection of shards, and its rows as written by an undisturbed run on local threads. Made once. */
record Undisturbed(Path shards, List<String> rows) {
    static final int TARS = 8;
    static final int PHOTOS_PER_TAR = 60;

    static Undisturbed collection() {
        return Made.COLLECTION;
    }

    String input() {
        return shards + "/*.tar";
    }

    /** Checks that an output has every row once, with the same values. */
    void assertRowsOf(String output) {
        List<String> found = Rows.of(output);
        assertThat(found).hasSize(TARS * PHOTOS_PER_TAR).doesNotHaveDuplicates();
        assertThat(found).containsExactlyElementsOf(rows);
    }

    /** Made once per JVM, on first use. */
    private static final class Made {
        private static final Undisturbed COLLECTION = make();
    }

    private static Undisturbed make() {
        try {
            Path folder = Path.of("target/clusters/undisturbed").toAbsolutePath();
            JavaUtils.deleteRecursively(folder.toFile());
            Path shards = folder.resolve("shards");
            ShardFiles.write(shards, TARS, PHOTOS_PER_TAR);
            String output = folder + "/rows";
            CommandLine.locate(shards + "/*.tar", output)
                    .on("--master", "local[2]")
                    .run(Files.createDirectories(folder).resolve("job.log"));
            return new Undisturbed(shards, Rows.of(output));
        } catch (Exception e) {
            throw new IllegalStateException("The undisturbed run failed", e);
        }
    }
}
