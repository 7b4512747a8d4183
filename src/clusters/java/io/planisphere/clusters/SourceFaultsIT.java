package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.clusters.JobProcess.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests shards that change after they are listed and before they are read. */
class SourceFaultsIT {
    private final Undisturbed undisturbed = Undisturbed.collection();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shardsDeletedOrReplacedAfterListingAreAccountedFor() throws Exception {
        Path shards = folder.resolve("shards");
        ShardFiles.write(shards, Undisturbed.TARS, Undisturbed.PHOTOS_PER_TAR);
        Path other = folder.resolve("other.tar");
        Files.write(other, ShardFiles.tar(ShardFiles.photos(3, 40, 30), 77, 5));
        Path aside = folder.resolve("aside.tar");
        String output = folder + "/rows";
        CommandLine line = CommandLine.locate(shards + "/*.tar", output).on("--master", "local[2]");

        String messages;
        try (JobProcess job = line.start(folder.resolve("job.log"))) {
            job.until("the run is planned", new RunFiles(output)::isPlanned);
            Files.move(shards.resolve("shard-3.tar"), aside);
            Files.move(other, shards.resolve("shard-5.tar"), StandardCopyOption.ATOMIC_MOVE);
            assertThat(job.await()).as(job.output()).isZero();
            messages = job.output();
        }

        assertThat(messages).contains("1 shards were replaced between planning and reading");
        List<String> rows = Rows.of(output);
        assertThat(of("shard-3.tar", rows)).singleElement().asString().contains("missing", "no longer there");
        assertThat(of("shard-5.tar", rows)).hasSize(5).allMatch(row -> row.contains("\"id\":\"77-"));
        assertThat(but(rows)).containsExactlyElementsOf(but(relocated(undisturbed.rows(), shards)));

        Files.move(aside, shards.resolve("shard-3.tar"));
        CommandLine.locate(shards + "/*.tar", output, "--retry", "missing")
                .on("--master", "local[2]")
                .run(folder.resolve("retry.log"));
        assertThat(of("shard-3.tar", Rows.of(output)))
                .containsExactlyElementsOf(of("shard-3.tar", relocated(undisturbed.rows(), shards)));
    }

    private List<String> relocated(List<String> rows, Path shards) {
        return rows.stream()
                .map(row -> row.replace(undisturbed.shards().toString(), shards.toString()))
                .toList();
    }

    private static List<String> of(String shard, List<String> rows) {
        return rows.stream().filter(row -> row.contains("/" + shard)).toList();
    }

    private static List<String> but(List<String> rows) {
        return Stream.of("shard-3.tar", "shard-5.tar")
                .reduce(
                        rows,
                        (left, shard) -> left.stream()
                                .filter(row -> !row.contains("/" + shard))
                                .toList(),
                        (a, b) -> a);
    }
}
