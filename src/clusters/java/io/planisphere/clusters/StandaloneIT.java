package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.clusters.JobProcess.CommandLine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code jobs/locate.sh … -- --master spark://…} on a master and two workers. */
class StandaloneIT {
    private static final int TARS = 8;
    private static final int PHOTOS_PER_TAR = 40;

    @Test
    void aClusterOfTwoExecutorsGivesTheRowsOfLocalThreads(@TempDir(cleanup = CleanupMode.NEVER) Path folder)
            throws Exception {
        ShardFiles.write(folder.resolve("shards"), TARS, PHOTOS_PER_TAR);
        String input = folder + "/shards/*.tar";
        String local = folder + "/local";
        String clustered = folder + "/clustered";

        CommandLine.locate(input, local).on("--master", "local[2]").run(folder.resolve("local.log"));
        String said;
        try (StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"), 2)) {
            said = CommandLine.locate(input, clustered, "--shards-per-batch", "4")
                    .on(cluster.options())
                    .on(EventLog.options(folder.resolve("events")))
                    .run(folder.resolve("clustered.log"));
        }

        assertThat(said).contains("320 photos, 320 rows: 296 ok 24 truncated");
        assertThat(new EventLog(folder.resolve("events")).executors()).containsExactlyInAnyOrder("0", "1");
        List<String> rows = Rows.of(clustered);
        assertThat(rows).hasSize(TARS * PHOTOS_PER_TAR).doesNotHaveDuplicates();
        assertThat(rows).containsExactlyElementsOf(Rows.of(local));
    }
}
