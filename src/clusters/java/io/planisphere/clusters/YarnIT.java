package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.clusters.JobProcess.CommandLine;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code jobs/locate.sh … -- --master yarn}. */
class YarnIT {
    private final Undisturbed undisturbed = Undisturbed.collection();
    private Path folder = Path.of("");
    private YarnCluster yarn;

    @BeforeEach
    void startCluster(@TempDir Path temporary) throws Exception {
        folder = temporary;
        yarn = new YarnCluster(folder);
    }

    @AfterEach
    void stopCluster() {
        yarn.close();
    }

    @Test
    void clientModeGivesTheSameRowsAsLocalThreads() throws Exception {
        String output = folder + "/rows";

        line(output, "client").on(EventLog.options(folder.resolve("events"))).run(folder.resolve("job.log"));

        assertThat(new EventLog(folder.resolve("events")).executors()).hasSize(2);
        undisturbed.assertRowsOf(output);
    }

    @Test
    void clusterModeGivesTheSameRowsAndReportsFailures() throws Exception {
        String output = folder + "/rows";

        line(output, "cluster").run(folder.resolve("job.log"));
        undisturbed.assertRowsOf(output);

        CommandLine wrong = line(output, "cluster").andOption("--top-k", "3");
        try (JobProcess job = wrong.start(folder.resolve("wrong.log"))) {
            assertThat(job.await()).as(job.output()).isNotZero();
        }
        undisturbed.assertRowsOf(output);
    }

    private CommandLine line(String output, String deployMode) {
        CommandLine line = CommandLine.locate(undisturbed.input(), output, "--shards-per-batch", "4")
                .on(YarnCluster.options(folder, deployMode));
        for (Map.Entry<String, String> variable : yarn.environment().entrySet()) {
            line = line.with(variable.getKey(), variable.getValue());
        }
        return line;
    }
}
