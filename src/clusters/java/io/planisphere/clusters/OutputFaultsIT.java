package io.planisphere.clusters;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.Required;
import io.planisphere.clusters.JobProcess.CommandLine;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests faults of the output: a full disk, or another run on the same output. */
class OutputFaultsIT {
    private final Undisturbed undisturbed = Undisturbed.collection();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aFullDiskFailsTheJobWithOneMessageAndTheNextRunContinues() throws Exception {
        Path disk = Files.createDirectories(folder.resolve("disk"));
        Required.require(
                run("mount", "-t", "tmpfs", "-o", "size=8m", "planisphere", disk.toString()) == 0,
                "no right to mount; run as root");
        try {
            String output = disk + "/rows";
            RunFiles files = new RunFiles(output);
            CommandLine line = CommandLine.locate(undisturbed.input(), output, "--shards-per-batch", "1")
                    .on("--master", "local[2]");
            try (JobProcess job = line.start(folder.resolve("full.log"))) {
                job.until("batch 0 is committed", () -> files.isCommitted(0));
                fill(disk.resolve("ballast"));

                assertThat(job.await()).as(job.output()).isEqualTo(3);
                assertThat(job.output()
                                .lines()
                                .filter(message -> message.contains("There is no space left where the job writes")))
                        .hasSize(1);
                // Spark logs its own error with one line of its stack trace; our message has none
                assertThat(job.output()).doesNotContain("\tat io.planisphere");
            }

            Files.delete(disk.resolve("ballast"));
            String messages = line.run(folder.resolve("again.log"));

            assertThat(messages).contains("480 photos, 480 rows").doesNotContain("480 photos labelled");
            undisturbed.assertRowsOf(output);
        } finally {
            assertThat(run("umount", disk.toString())).isZero();
        }
    }

    @Test
    void aSecondRunOnOneOutputIsRejectedAndNamesTheFirst() throws Exception {
        String output = folder + "/rows";
        RunFiles files = new RunFiles(output);
        CommandLine line = CommandLine.locate(undisturbed.input(), output, "--shards-per-batch", "2")
                .on("--master", "local[2]");
        try (JobProcess first = line.start(folder.resolve("first.log"))) {
            first.until("batch 1 is half written", () -> files.isHalfWritten(1));
            // so that it cannot end before the second run starts
            assertThat(run("kill", "-STOP", "" + first.pid())).isZero();

            try (JobProcess second = line.start(folder.resolve("second.log"))) {
                assertThat(second.await()).as(second.output()).isEqualTo(1);
                assertThat(second.output())
                        .contains("Output file:" + output + " is being written by another run")
                        .contains("process " + first.pid())
                        .doesNotContain("\tat ");
            }

            assertThat(run("kill", "-CONT", "" + first.pid())).isZero();
            assertThat(first.await()).as(first.output()).isZero();
        }

        undisturbed.assertRowsOf(output);
        assertThat(line.run(folder.resolve("third.log"))).contains("0 photos labelled", "480 photos, 480 rows");
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
