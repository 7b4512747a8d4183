package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.clusters.JobProcess.CommandLine;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code jobs/locate.sh … -- --master spark://…} on a master and two workers. */
class StandaloneIT {
    @Test
    void aClusterOfTwoExecutorsGivesTheSameRowsAsLocalThreads(@TempDir Path folder) throws Exception {
        Undisturbed undisturbed = Undisturbed.collection();
        String output = folder + "/rows";

        String messages;
        try (StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"), 2)) {
            messages = CommandLine.locate(undisturbed.input(), output, "--shards-per-batch", "4")
                    .on(cluster.options())
                    .on(EventLog.options(folder.resolve("events")))
                    .run(folder.resolve("job.log"));
        }

        assertThat(messages).contains("480 photos, 480 rows: 440 ok 40 truncated");
        assertThat(new EventLog(folder.resolve("events")).executors()).containsExactlyInAnyOrder("0", "1");
        undisturbed.assertRowsOf(output);
    }
}
