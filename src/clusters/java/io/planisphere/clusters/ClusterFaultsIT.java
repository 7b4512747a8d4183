package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.clusters.JobProcess.CommandLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills parts of a standalone cluster while a job runs on it; the rows must be those of an undisturbed run. */
class ClusterFaultsIT {
    private final Undisturbed undisturbed = Undisturbed.collection();
    private Path folder = Path.of("");
    private StandaloneCluster cluster;
    private String output = "";
    private RunFiles files = new RunFiles("");
    private EventLog events = new EventLog(folder);

    @BeforeEach
    void startCluster(@TempDir Path temporary) throws Exception {
        folder = temporary;
        output = folder + "/rows";
        files = new RunFiles(output);
        events = new EventLog(folder.resolve("events"));
        cluster = new StandaloneCluster(folder.resolve("cluster"), 2);
    }

    @AfterEach
    void stopCluster() {
        cluster.close();
    }

    @Test
    void killingAnExecutorInABatchLosesAndDuplicatesNoRows() throws Exception {
        try (JobProcess job = start()) {
            job.until("both executors write rows", files::areWrittenByTwo);
            cluster.executors().get(0).destroyForcibly();
            assertThat(job.await()).as(job.output()).isZero();
        }

        assertThat(events.lostTasks()).as("tasks that went with their executor").isPositive();
        undisturbed.assertRowsOf(output);
    }

    @Tag("long")
    @Test
    void killingAWorkerInABatchLosesAndDuplicatesNoRows() throws Exception {
        try (JobProcess job = start()) {
            job.until("both executors write rows", files::areWrittenByTwo);
            cluster.killBusyWorker();
            assertThat(job.await()).as(job.output()).isZero();
        }

        assertThat(cluster.aliveWorkers()).isEqualTo(1);
        assertThat(events.lostTasks()).as("tasks that went with their worker").isPositive();
        undisturbed.assertRowsOf(output);
    }

    @Test
    void theNextRunContinuesAfterTheDriverIsKilledInABatch() throws Exception {
        for (int batch = 1; batch < 4; batch++) {
            int now = batch;
            try (JobProcess job = start()) {
                job.until("batch " + now + " is half written", () -> files.isHalfWritten(now));
                job.kill();
            }
            assertThat(files.isCommitted(now)).isFalse();
        }

        try (JobProcess job = start()) {
            assertThat(job.await()).as(job.output()).isZero();
        }
        undisturbed.assertRowsOf(output);
        Waiting.until(
                "executors end after their driver",
                Duration.ofMinutes(1),
                () -> cluster.executors().isEmpty());
    }

    @Tag("long")
    @Test
    void speculativeTasksForASuspendedExecutorDuplicateNoRows() throws Exception {
        CommandLine line = line("4");
        for (String setting : List.of(
                "spark.speculation=true",
                "spark.speculation.interval=50ms",
                "spark.speculation.quantile=0.1",
                "spark.speculation.multiplier=1.01",
                "spark.speculation.efficiency.enabled=false")) {
            line = line.on("--conf", setting);
        }
        try (JobProcess job = line.start(folder.resolve("job.log"))) {
            job.until("both executors write rows", () -> files.tasksWriting(0) == 2);
            String stopped = "" + cluster.executors().get(0).pid();
            signal("-STOP", stopped);
            job.until("the batch is committed all the same", () -> files.isCommitted(0));
            signal("-CONT", stopped); // now it tries to commit its task
            assertThat(job.await()).as(job.output()).isZero();
        }

        assertThat(events.speculativeTasks()).isPositive();
        undisturbed.assertRowsOf(output);
    }

    @Tag("long")
    @Test
    void aModelChangedDuringARunAffectsNoRowAndIsRejectedNextTime() throws Exception {
        ModelFolder model = ModelFolder.copied(folder.resolve("model"));
        CommandLine line = CommandLine.locate(
                undisturbed.input(),
                output,
                "--shards-per-batch",
                "4",
                "--model",
                model.folder().toString());
        try (JobProcess job = line.on(cluster.options()).start(folder.resolve("job.log"))) {
            // no task has run yet: the executors have only the broadcast
            job.until("the run is planned", files::isPlanned);
            model.alter();
            assertThat(job.await()).as(job.output()).isZero();
        }
        undisturbed.assertRowsOf(output);

        assertThat(refusal(line.on("--master", "local[1]")))
                .contains("was begun with model", "give that model, or another --output");
        model.delete();
        assertThat(refusal(line.on("--master", "local[1]"))).contains("Cannot open model package", "model.onnx");
        undisturbed.assertRowsOf(output);
    }

    private static void signal(String name, String pid) throws Exception {
        assertThat(new ProcessBuilder("kill", name, pid).start().waitFor()).isZero();
    }

    private String refusal(CommandLine line) throws Exception {
        Path log = folder.resolve("refused.log");
        Files.deleteIfExists(log);
        try (JobProcess job = line.start(log)) {
            assertThat(job.await()).as(job.output()).isEqualTo(1);
            assertThat(job.output()).doesNotContain("\tat ");
            return job.output();
        }
    }

    private CommandLine line(String shardsPerBatch) throws Exception {
        return CommandLine.locate(undisturbed.input(), output, "--shards-per-batch", shardsPerBatch)
                .on(cluster.options())
                .on(EventLog.options(events.folder()));
    }

    private JobProcess start() throws Exception {
        return line("2").start(folder.resolve("job.log"));
    }
}
