package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.planisphere.clusters.JobProcess.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests clusters whose executors start while the job runs: none is registered when the job decides how large a batch is. */
@Tag("long")
class ElasticIT {
    /**
     * More than the 32 shards of a batch on two cores, the number that Spark reports for a cluster without registered
     * executors.
     */
    private static final int TARS = 40;

    private static final int PHOTOS_PER_TAR = 20;
    private static final int PHOTOS = TARS * PHOTOS_PER_TAR;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void batchesAreSizedForTheMaximumOfDynamicAllocation() throws Exception {
        ShardFiles.write(folder.resolve("shards"), TARS, PHOTOS_PER_TAR);
        try (StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"), 3)) {
            locate(cluster)
                    .on("--conf", "spark.dynamicAllocation.enabled=true")
                    .on("--conf", "spark.dynamicAllocation.shuffleTracking.enabled=true")
                    .on("--conf", "spark.dynamicAllocation.initialExecutors=0")
                    .on("--conf", "spark.dynamicAllocation.maxExecutors=3")
                    .run(folder.resolve("job.log"));
        }

        assertOneBatchOnThreeExecutors();
    }

    /** At first, the only worker has one core. */
    @Test
    void batchesOnAGrowingClusterAreSizedForTheRequestedCores() throws Exception {
        ShardFiles.write(folder.resolve("shards"), TARS, PHOTOS_PER_TAR);
        try (StandaloneCluster cluster = new StandaloneCluster(folder.resolve("cluster"), 1);
                JobProcess job =
                        locate(cluster).on("--conf", "spark.cores.max=3").start(folder.resolve("job.log"))) {
            job.until("the inputs are planned", new RunFiles(folder + "/rows")::isPlanned);
            cluster.addWorker();
            cluster.addWorker();
            assertThat(job.await()).as(job.output()).isZero();
        }

        assertOneBatchOnThreeExecutors();
    }

    private CommandLine locate(StandaloneCluster cluster) throws Exception {
        return CommandLine.locate(folder + "/shards/*.tar", folder + "/rows")
                .on(cluster.options())
                .on(EventLog.options(folder.resolve("events")));
    }

    private void assertOneBatchOnThreeExecutors() throws Exception {
        assertThat(Rows.of(folder + "/rows")).hasSize(PHOTOS).doesNotHaveDuplicates();
        assertThat(folder.resolve("rows/batch=0")).isDirectory();
        assertThat(folder.resolve("rows/batch=1")).doesNotExist();
        assertThat(new EventLog(folder.resolve("events")).executors()).hasSize(3);
        JsonNode start = new ObjectMapper()
                .readTree(Files.readString(folder.resolve("rows/_run/run.json")))
                .at("/invocations/0");
        double seconds = start.get("seconds").asDouble();
        double coresOnAverage = start.get("cores").asDouble();
        assertThat(coresOnAverage)
                .as("of three that came late")
                .isGreaterThan(0.5)
                .isLessThan(3);
        assertThat(start.get("photosPerSecondAndCore").asDouble())
                .isCloseTo(PHOTOS / (seconds * coresOnAverage), withinPercentage(1));
    }
}
