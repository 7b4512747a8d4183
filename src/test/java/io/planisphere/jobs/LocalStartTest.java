package io.planisphere.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.planisphere.model.TinyModels;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.deploy.SparkSubmit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs spark-submit with local threads, as the scripts in {@code jobs/} call it. */
class LocalStartTest {
    /** Size of a jar that Spark would need seconds to copy. */
    private static final long JAR_BYTES = 2L << 30;

    @Test
    void theJarIsNotCopiedWhileTheExecutorSendsHeartbeats(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("planisphere.jar");
        try (RandomAccessFile sparse = new RandomAccessFile(jar.toFile(), "rw")) {
            sparse.setLength(JAR_BYTES);
        }
        Path model = TinyModels.writeDirectory(folder.resolve("model"), TinyModels.locate(TinyModels.CELLS));
        Path log = folder.resolve("log");

        Process job = submit(
                log, jar, "locate", "--model", model, "--input", folder + "/none*.tar", "--output", folder + "/rows");

        assertThat(job.waitFor(3, TimeUnit.MINUTES)).as("the job ended").isTrue();
        assertThat(log)
                .content()
                .contains("none*.tar")
                .doesNotContain("NullPointerException", "heartbeater", "may not take effect");
        assertThat(job.exitValue()).isEqualTo(1);
    }

    private static Process submit(Path log, Path jar, Object... line) throws IOException {
        List<String> command = new ArrayList<>(JobProcess.java());
        command.addAll(List.of(SparkSubmit.class.getName(), "--master", "local[2]"));
        command.addAll(List.of("--conf", "spark.ui.enabled=false", "--conf", "spark.executor.heartbeatInterval=1s"));
        command.addAll(List.of("--class", "io.planisphere.Main", jar.toString()));
        for (Object word : line) {
            command.add(word.toString());
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
